import type { Delta, Fact } from '@longhaul/core'
import { eventOf } from './events.ts'

/** The text of each batch, which is written once: all readers of a task receive the same batch object. */
const written = new WeakMap<object, string>()

/** Writes the entries of a task as server-sent events. A reader resumes after the `id` of an event. */
export function framesOf(taskId: string): (batch: (Fact | Delta)[]) => string {
  return (batch) => {
    const known = written.get(batch)
    if (known !== undefined) return known
    const events = batch
      .map((entry) => eventOf(taskId, entry))
      .filter((event) => event !== undefined)
    const frames = events
      .map(({ id, event }) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`)
      .join('')
    written.set(batch, frames)
    return frames
  }
}
