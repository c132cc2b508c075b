import {
  type Admit,
  factVersion,
  LonghaulError,
  type Submission,
  type TakenTurn,
  type TaskStore,
  userMessageIdOf,
} from '@longhaul/core'
import { bytesOfFirst } from '../find/bytes-of-first-fact.ts'
import { unknownTask } from '../find/find-task.ts'
import { ofAccepted } from '../lib/of-accepted.ts'
import type { AcceptedTurn } from './turn-request.ts'

/** A turn that was just accepted, as the caller receives it. */
export function accepted(
  taskId: string,
  taken: TakenTurn,
  started: Submission['started'],
): AcceptedTurn {
  const { model, assistantMessageId: messageId, traceId, spanId } = started
  const ids = { messageId, userMessageId: userMessageIdOf(started), traceId, spanId }
  const { turn, pos, startedAt: at } = taken
  const began = { type: 'turn.started' as const, turn, ...started, v: factVersion, pos, at }
  return { taskId, ...taken, model, ...ids, began, replayed: false }
}

/**
 * The turn that was accepted for an earlier send of the same request, read from its first fact. Rejects with conflict
 * when its response was deleted.
 */
export async function acceptedBefore(
  taskId: string,
  taken: TakenTurn,
  { store, reserve = () => {} }: { store: TaskStore; reserve?: Admit },
): Promise<AcceptedTurn> {
  const { turn } = taken
  const [started, view] = await ofAccepted({ taskId, turn }, async () => {
    const found = await store.view(taskId)
    reserve(bytesOfFirst(found))
    const [first] = await store.readableFacts(taskId, taken.fact, taken.fact)
    return [first, found] as const
  })
  if (started?.type !== 'turn.started' || view === undefined) throw unknownTask(taskId)
  if (view.hidden?.includes(taken.turn)) {
    throw new LonghaulError(
      'conflict',
      'The response of this request was deleted: send another idempotency key to make a new one.',
    )
  }
  return { ...accepted(taskId, taken, started), replayed: true }
}
