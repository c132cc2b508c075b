import type { Delta, Fact } from '@longhaul/core'
import { eventOf } from '../events.ts'

/** Whoever watches the same task is given the very same batch. */
const written = new WeakMap<object, string>()

/** Writes what a task records as server-sent events; the `id` of each is what a reader resumes after. */
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
