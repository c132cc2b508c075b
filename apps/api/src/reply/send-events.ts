import type { Delta, Fact } from '@longhaul/core'
import type { Response } from 'express'
import { type IdleComment, openEventStream } from './event-stream.ts'

type Batch = (Fact | Delta)[]

/**
 * Sends the entries of a task as server-sent events, until the last one or until the signal is aborted. With `cut` the
 * connection is then cut.
 */
export async function sendEvents(
  { entries, framesOf }: { entries: AsyncIterable<Batch>; framesOf: (batch: Batch) => string },
  {
    response,
    signal,
    cut,
    comment,
  }: {
    response: Response
    signal: AbortSignal
    cut?: true | undefined
    comment?: IdleComment
  },
): Promise<void> {
  const stream = openEventStream(response, { cut, comment })
  // A reply to HEAD has only the headers.
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  for await (const batch of entries) {
    const frames = framesOf(batch)
    const capacity = frames === '' ? undefined : stream.send(frames, batch)
    if (capacity !== undefined) await capacity
  }
  stream.end({ done: !signal.aborted })
}
