import type { TurnStarted } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../request/parse-query.ts'
import type { Dialect } from './dialect.ts'
import { openai } from './openai/index.ts'
import { orq } from './orq/index.ts'

/** All dialects. The first is the dialect of turns that name none. */
export const dialects: readonly [Dialect, ...Dialect[]] = [orq, openai]

/** The dialect in which a turn was created. */
export function dialectOf({ asked }: Pick<TurnStarted, 'asked'>): Dialect {
  return dialects.find(({ name }) => name === asked?.['dialect']) ?? dialects[0]
}

const names = dialects.map(({ name }) => name)

export const FormatQuery = z.object({
  format: z
    .enum(names, `must be ${names.join(' or ')}`)
    .optional()
    .meta({
      description:
        'The dialect of the reply. Default: the dialect of the path. A path that takes both dialects returns a response id in the dialect in which it was created.',
    }),
})

/** The dialect in the query, if there is one. */
export function formatOf(query: URLSearchParams): Dialect | undefined {
  const { format } = parseQuery(FormatQuery, query)
  return dialects.find(({ name }) => name === format)
}
