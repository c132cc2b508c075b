import { limits } from '@longhaul/core'
import { z } from 'zod'
import { EventsQuery } from './events-query.ts'
import { PageQuery } from '../dialects/shared/page.ts'
import { parseQuery } from './parse-query.ts'
import { waitMsOf, WaitQuery } from './wait-query.ts'

export const LogQuery = z.object({
  after: EventsQuery.shape.after.meta({
    description: 'The `id` of the entry, or of the event, after which the page starts.',
  }),
  limit: PageQuery.shape.limit.meta({
    description: `The maximum number of entries in the page. Default: ${limits.listPage}. A page of large entries has fewer.`,
  }),
  wait: WaitQuery.shape.wait.meta({
    description:
      'The maximum number of seconds that the reply waits for an entry, if there is none and a turn runs. Default: 0.',
  }),
})

export function parseLogQuery(query: URLSearchParams) {
  const { after = 0, limit = limits.listPage } = parseQuery(LogQuery, query)
  return { after, limit, waitMs: waitMsOf(query) }
}
