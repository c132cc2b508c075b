type Page<Item> = { data: Item[]; has_more: boolean; last_id?: string | null | undefined }

/** Yields the items of all pages. A page that fails has been repeated already, so the failure ends the iteration. */
export async function* itemsOf<Item>(
  read: (after: string | undefined) => Promise<Page<Item>>,
  idOf: (item: Item) => string,
): AsyncGenerator<Item, void, undefined> {
  let after: string | undefined
  for (;;) {
    const { data, has_more: more, last_id: last } = await read(after)
    yield* data
    const end = data.at(-1)
    after = last ?? (end === undefined ? undefined : idOf(end))
    if (!more || after === undefined) return
  }
}
