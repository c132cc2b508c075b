import type { EntryCursor, EntryQuery } from '@longhaul/core'
import { z } from 'zod'
import { PageQuery } from '../dialects/shared/page.ts'
import { parseQuery } from '../request/parse-query.ts'
import { age, errorCode, status, workspace } from './fields.ts'

const place = /^(\d{1,16})-([\w:]{1,64})$/

export const EntriesQuery = z.object({
  status: status.default('failed').meta({ description: 'Of the latest turn.' }),
  error: errorCode.optional().meta({ description: 'Why it failed.' }),
  older_than: z
    .preprocess((text) => (/^\d{1,10}(\.\d{1,3})?$/.test(String(text)) ? Number(text) : text), age)
    .optional()
    .meta({
      description:
        'How many seconds ago, at least, the turn ended, or was submitted if it is live.',
    }),
  workspace: workspace.optional().meta({ description: 'Only tasks of this workspace.' }),
  limit: PageQuery.shape.limit.meta({ description: 'The most items that the page may have: 200.' }),
  cursor: z
    .string()
    .regex(place, 'must be the next of the page before')
    .optional()
    .meta({ description: 'The `next` of the page before.' }),
})

/** The page that a query asks for. */
export function parseEntriesQuery(query: URLSearchParams) {
  const { older_than: seconds, limit, cursor, ...given } = parseQuery(EntriesQuery, query)
  const wanted: EntryQuery = {
    ...given,
    ...(seconds !== undefined && { olderThanMs: seconds * 1_000 }),
  }
  return { query: wanted, limit, ...(cursor !== undefined && { after: placeOf(cursor) }) }
}

export function cursorOf({ score, member }: EntryCursor): string {
  return `${score}-${member}`
}

function placeOf(cursor: string): EntryCursor {
  const [, score, member = ''] = place.exec(cursor) ?? []
  return { score: Number(score), member }
}
