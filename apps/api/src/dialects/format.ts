import type { TurnStarted } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../parse-query.ts'
import { askedIn } from './openai/request-parameters.ts'

export type Dialect = 'orq' | 'openai'

export const FormatQuery = z.object({
  format: z.enum(['orq', 'openai'], 'must be orq or openai').optional().meta({
    description: 'The dialect of the reply, whichever the turn was made in.',
  }),
})

/** The dialect that a query asks for. */
export function formatOf(query: URLSearchParams): Dialect | undefined {
  return parseQuery(FormatQuery, query).format
}

/** The dialect that a turn was made in. */
export function dialectOf(started: TurnStarted): Dialect {
  return askedIn(started) === undefined ? 'orq' : 'openai'
}
