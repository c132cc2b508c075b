import { z } from 'zod'
import { FormatQuery } from '../../dialects/index.ts'
import { parseQuery } from '../../request/parse-query.ts'
import { WaitQuery } from '../../request/wait-query.ts'

const sequenceNumber = 'must be the sequence_number of an event'

const StreamQuery = z.object({
  stream: z.enum(['true', 'false'], 'must be true or false').optional().meta({
    description:
      '`true`: the reply is the stream of the response, even if the response was not created with `stream`.',
  }),
  starting_after: z
    .preprocess(
      (text) => (/^\d{1,15}$/.test(String(text)) ? Number(text) : text),
      z.int(sequenceNumber).min(0, sequenceNumber),
    )
    .optional()
    .meta({ description: 'The `sequence_number` of the event after which the stream starts.' }),
})

/** The parameters of a GET of a response. */
export const ReadQuery = StreamQuery.extend(WaitQuery.shape).extend(FormatQuery.shape)

/** Whether a query requests a stream, and after which event it starts. */
export function parseStreamQuery(query: URLSearchParams): {
  stream: boolean
  startingAfter: number | undefined
} {
  const { stream, starting_after: startingAfter } = parseQuery(StreamQuery, query)
  return { stream: stream === 'true', startingAfter }
}
