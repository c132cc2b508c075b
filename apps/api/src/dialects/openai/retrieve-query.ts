import { z } from 'zod'
import { parseQuery } from '../../request/parse-query.ts'

const wanted = 'must be the sequence_number of an event'

/** What is asked of a response that is read. */
export const RetrieveQuery = z.object({
  stream: z.enum(['true', 'false'], 'must be true or false').optional().meta({
    description: '`true`: the reply is the stream of the response, whichever way it was created.',
  }),
  starting_after: z
    .preprocess(
      (text) => (/^\d{1,15}$/.test(String(text)) ? Number(text) : text),
      z.int(wanted).min(0, wanted),
    )
    .optional()
    .meta({ description: 'The `sequence_number` of the event after which the stream begins.' }),
})

export function parseRetrieveQuery(query: URLSearchParams): {
  stream: boolean
  startingAfter: number | undefined
} {
  const { stream, starting_after: startingAfter } = parseQuery(RetrieveQuery, query)
  return { stream: stream === 'true', startingAfter }
}
