import type { Delta, Fact } from '@longhaul/core'
import { createResponseProjection } from './projection/response-projection.ts'

/**
 * Writes the entries of a turn, from its first fact on, as server-sent events: those with a number above `after`, or
 * all.
 */
export function framesOf(taskId: string, after = -1): (batch: (Fact | Delta)[]) => string {
  const projection = createResponseProjection(taskId)
  return (batch) =>
    batch
      .flatMap((entry) => projection.add(entry))
      .filter((event) => event.sequence_number > after)
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join('')
}
