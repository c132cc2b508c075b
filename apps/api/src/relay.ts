import type { Delta, Fact } from '@longhaul/core'
import type { Response } from 'express'
import { eventOf } from './dialects/orq/events.ts'
import { openEventStream } from './event-stream.ts'

/** Sends what a task records as server-sent events, until there is no more or the signal is aborted. */
export async function relay(
  { taskId, entries }: { taskId: string; entries: AsyncIterable<(Fact | Delta)[]> },
  { response, signal }: { response: Response; signal: AbortSignal },
): Promise<void> {
  const stream = openEventStream(response)
  for await (const batch of entries) {
    const events = batch
      .map((entry) => eventOf(taskId, entry))
      .filter((event) => event !== undefined)
    if (events.length > 0) await stream.send(events)
  }
  stream.end({ done: !signal.aborted })
}
