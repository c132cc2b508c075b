import { invalid, limits } from '@longhaul/core'
import type { Page, PageRequest } from '@longhaul/core'

/** The page that a query asks for. `place` reads a cursor; undefined when it can be none. */
export function parsePage(
  query: URLSearchParams,
  place: (cursor: string) => string | undefined,
): PageRequest {
  return {
    limit: limitOf(query.get('limit')),
    after: cursorOf('starting_after'),
    before: cursorOf('ending_before'),
  }

  function cursorOf(name: string): string | undefined {
    const cursor = query.get(name)
    if (cursor === null || cursor === '') return undefined
    const found = place(cursor)
    if (found === undefined) throw invalid(name, 'must be the _id of an item of the list')
    return found
  }
}

export function pageBody<T, B>({ items, more }: Page<T>, body: (item: T) => B) {
  return { object: 'list', data: items.map(body), has_more: more }
}

/** Some clients write 2 as 2.0. */
function limitOf(text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  const limit = /^\d{1,9}(\.0*)?$/.test(text) ? Number(text) : Number.NaN
  if (limit >= 1 && limit <= limits.listPage) return limit
  throw invalid('limit', `must be a whole number from 1 to ${limits.listPage}`)
}
