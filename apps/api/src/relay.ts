import type { Delta, Fact } from '@longhaul/core'
import type { Response } from 'express'
import { eventOf } from './dialects/orq/events.ts'
import { frame, openEventStream } from './event-stream.ts'

/** Sends what a task records as server-sent events, until there is no more or the signal is aborted. */
export async function relay(
  { taskId, entries }: { taskId: string; entries: AsyncIterable<(Fact | Delta)[]> },
  { response, signal }: { response: Response; signal: AbortSignal },
): Promise<void> {
  const stream = openEventStream(response)
  for await (const batch of entries) {
    const frames = framesOf(taskId, batch)
    const room = frames === '' ? undefined : stream.send(frames)
    if (room !== undefined) await room
  }
  stream.end({ done: !signal.aborted })
}

/** Whoever watches the same task is given the very same batch. */
const written = new WeakMap<object, string>()

function framesOf(taskId: string, batch: (Fact | Delta)[]): string {
  const known = written.get(batch)
  if (known !== undefined) return known
  const events = batch.map((entry) => eventOf(taskId, entry)).filter((event) => event !== undefined)
  const frames = events.map(frame).join('')
  written.set(batch, frames)
  return frames
}
