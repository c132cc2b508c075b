import { hasEnded, invalid, limits, type Status } from '@longhaul/core'
import { abortOnDisconnect } from '../../http/abort-on-disconnect.ts'
import type { Deps } from '../../deps.ts'
import type { Call, Reply } from '../../route.ts'
import type { Named } from '../dialect.ts'
import { responseOf } from './projection/response-projection.ts'

/** The time that a running turn has to stop, in milliseconds. Then the reply says that it is still running. */
const waitMs = limits.cancelWait

/** Cancels a response, and returns it. */
export async function cancelResponse(
  named: Named,
  { response, admit }: Call,
  { tasks, stopping }: Deps,
): Promise<Reply> {
  const signal = abortOnDisconnect(response, stopping)
  const read = async (admitted: (bytes: number, status: Status) => void) => {
    const { taskId, facts } = await tasks.turn(named, { waitMs: 0, signal, admit: admitted })
    return await responseOf(taskId, facts)
  }
  // A cancel of a live turn is never refused.
  const before = await read((bytes, status) => {
    if (hasEnded(status)) admit(bytes)
  })
  const runs = before.status === 'queued' || before.status === 'in_progress'
  if (!runs) {
    if (before.background || before.status === 'cancelled')
      return { status: 200, large: true, body: before }
    throw invalid('response_id', `${before.id} was not made in the background and has ended`)
  }
  await tasks.cancel(named, { waitMs, signal })
  return { status: 200, large: true, owed: true, body: await read(() => {}) }
}
