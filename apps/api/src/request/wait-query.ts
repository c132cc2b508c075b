import { limits } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from './parse-query.ts'

const maxSeconds = limits.longPoll / 1_000
const range = `must be a number of seconds from 0 to ${maxSeconds}`

export const WaitQuery = z.object({
  wait: z
    .preprocess(
      (text) => (/^\d{1,4}(\.\d{1,6})?$/.test(String(text)) ? Number(text) : text),
      z.number(range).min(0, range).max(maxSeconds, range),
    )
    .optional()
    .meta({
      description:
        'The maximum number of seconds that the reply waits for the end of the turn. Default: 0.',
    }),
})

/** The maximum time that the reply waits, in milliseconds. */
export function waitMsOf(query: URLSearchParams): number {
  return (parseQuery(WaitQuery, query).wait ?? 0) * 1_000
}
