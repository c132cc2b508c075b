import { invalid } from '@longhaul/core'
import type { Request } from 'express'
import { z } from 'zod'
import { parseQuery } from './parse-query.ts'

const mustBeId = 'must be the id of an event, or 0 for all of them'

const cursor = z.preprocess(
  (text) => (/^\d{1,15}$/.test(String(text)) ? Number(text) : text),
  z.int(mustBeId).min(0, mustBeId),
)

export const EventsQuery = z.object({
  after: cursor.optional().meta({
    description:
      'The `id` of the event after which the stream starts; 0 for all events. By default the stream starts with the latest turn.',
  }),
  follow: z
    .enum(['turns'], 'must be "turns"')
    .optional()
    .meta({ description: '`turns`: the stream continues with later turns.' }),
})

export const EventsHeaders = z.object({
  'Last-Event-ID': z.string().optional().meta({
    description:
      'The same as `after`, with precedence over it. Browsers send it when they reconnect.',
  }),
})

/** The start of a stream of events, and whether it continues with later turns. */
export function parseEventsQuery(
  query: URLSearchParams,
  { headers }: Pick<Request, 'headers'>,
): { after: number | undefined; follow: boolean } {
  const { after, follow } = parseQuery(EventsQuery, query)
  return { after: lastSeen(headers['last-event-id']) ?? after, follow: follow !== undefined }
}

function lastSeen(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined
  const { success, data } = cursor.safeParse(header)
  if (!success) throw invalid('Last-Event-ID', mustBeId)
  return data
}
