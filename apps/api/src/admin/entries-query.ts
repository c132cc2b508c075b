import type { EntryCursor, EntryQuery } from '@longhaul/core'
import { z } from 'zod'
import { PageQuery } from '../dialects/shared/page.ts'
import { parseQuery } from '../request/parse-query.ts'
import { age, errorCode, status, workspace } from './fields.ts'

const cursorPattern = /^(\d{1,16})-([\w:]{1,64})$/

export const EntriesQuery = z.object({
  status: status
    .default('failed')
    .meta({ description: 'Only tasks whose latest turn has this status. Default: `failed`.' }),
  error: errorCode.optional().meta({ description: 'Only tasks that failed with this error code.' }),
  older_than: z
    .preprocess((text) => (/^\d{1,10}(\.\d{1,3})?$/.test(String(text)) ? Number(text) : text), age)
    .optional()
    .meta({
      description:
        'The minimum age in seconds: since the end of the turn or, for a turn that has not ended, since its submission.',
    }),
  workspace: workspace.optional().meta({ description: 'Only tasks of this workspace.' }),
  limit: PageQuery.shape.limit.meta({
    description: 'The maximum number of items in the page. Default and maximum: 200.',
  }),
  cursor: z
    .string()
    .regex(cursorPattern, 'must be the next of the page before')
    .optional()
    .meta({ description: 'The `next` of the previous page.' }),
})

/** Parses the page of a query. */
export function parseEntriesQuery(query: URLSearchParams) {
  const { older_than: seconds, limit, cursor, ...given } = parseQuery(EntriesQuery, query)
  const entryQuery: EntryQuery = {
    ...given,
    ...(seconds !== undefined && { olderThanMs: seconds * 1_000 }),
  }
  return { query: entryQuery, limit, ...(cursor !== undefined && { after: entryCursorOf(cursor) }) }
}

export function cursorOf({ score, member }: EntryCursor): string {
  return `${score}-${member}`
}

function entryCursorOf(cursor: string): EntryCursor {
  const [, score, member = ''] = cursorPattern.exec(cursor) ?? []
  return { score: Number(score), member }
}
