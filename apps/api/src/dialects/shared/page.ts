import { invalid, limits } from '@longhaul/core'
import type { Page, PageRequest } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../../request/parse-query.ts'

const range = `must be a whole number from 1 to ${limits.listPage}`

export const PageQuery = z.object({
  // Some clients write 2 as 2.0.
  limit: z
    .preprocess(
      (text) => (/^\d{1,9}(\.0*)?$/.test(String(text)) ? Number(text) : text),
      z.int(range).min(1, range).max(limits.listPage, range),
    )
    .optional()
    .meta({
      description:
        'The maximum number of items in the page. By default the page has all items, up to 8 MB.',
    }),
  starting_after: z.string().optional().meta({
    description: 'The `_id` of the item after which the page starts.',
  }),
  ending_before: z.string().optional().meta({
    description: 'The `_id` of the item before which the page ends.',
  }),
})

/** Parses the page of a query. `readCursor` returns undefined for a text that is no cursor. */
export function parsePage(
  query: URLSearchParams,
  readCursor: (cursor: string) => string | undefined,
): PageRequest {
  const parsed = parseQuery(PageQuery, query)
  return {
    limit: parsed.limit,
    after: cursorOf('starting_after'),
    before: cursorOf('ending_before'),
  }

  function cursorOf(name: 'starting_after' | 'ending_before'): string | undefined {
    const cursor = parsed[name]
    if (cursor === undefined) return undefined
    const found = readCursor(cursor)
    if (found === undefined) throw invalid(name, 'must be the _id of an item of the list')
    return found
  }
}

export function pageBody<T, B>({ items, more }: Page<T>, body: (item: T) => B) {
  return { object: 'list', data: items.map(body), has_more: more }
}

/** The schema of a page. */
export function pageReply(item: z.ZodType) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    has_more: z.boolean().meta({ description: 'Whether more items follow this page.' }),
  })
}
