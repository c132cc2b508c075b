/**
 * A page of a list that runs from the newest to the oldest item. `after` and `before` are exclusive cursors in it; no
 * item needs to exist there. `before` without `after` requests the page that ends there. Without a limit, the page is
 * the whole rest, up to a size limit.
 */
export type PageRequest = {
  limit?: number | undefined
  after?: string | undefined
  before?: string | undefined
}
export type Page<T> = { items: T[]; more: boolean }
