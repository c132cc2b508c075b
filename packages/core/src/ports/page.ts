/**
 * A page of a list that runs from the newest to the oldest. `after` and `before` are places in it,
 * exclusive: they need not be taken by an item. Without `after`, `before` asks for the page that ends
 * there. Without a limit the page is the whole rest, as far as that is not too large.
 */
export type PageRequest = {
  limit?: number | undefined
  after?: string | undefined
  before?: string | undefined
}
export type Page<T> = { items: T[]; more: boolean }
