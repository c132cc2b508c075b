import { limits, LonghaulError } from '@longhaul/core'
import { isUnavailable } from '../lib/when-unavailable.ts'
import { orNothingAccepted } from './or-nothing-accepted.ts'
import { admit } from './admit.ts'
import { answer } from './answer.ts'
import { commit } from './commit.ts'
import { draft } from './draft.ts'
import { refuseWork } from './gates/refuse-work.ts'
import { findEarlier } from './earlier-request.ts'
import { locate } from './locate.ts'
import type { StepPorts } from './pipeline.ts'
import { readInput } from './input/read-input.ts'
import type { AcceptedTurn, ItemRequest, TurnRequest } from './turn-request.ts'
import { validate } from './validate.ts'

/**
 * Accepts a turn. Rejects with invalid, not_found, conflict (a turn is live), task_full, mismatch (the idempotency key
 * belongs to another request), rate_limited, overloaded, unavailable, or the error that `reserve` throws. After a rejection nothing is accepted,
 * unless the error names a task.
 */
export async function submit(
  request: TurnRequest | ItemRequest,
  ports: StepPorts,
): Promise<AcceptedTurn> {
  try {
    return await submitOnce(request, ports)
  } catch (error) {
    throw orNothingAccepted(error)
  }
}

async function submitOnce(
  request: TurnRequest | ItemRequest,
  ports: StepPorts,
): Promise<AcceptedTurn> {
  const startedAt = performance.now()
  // A repeat is answered before its agent is read: the agent may have been changed or deleted since.
  const earlier = request.idempotency?.isNew ? undefined : await findEarlier(request, ports)
  if (earlier?.turn !== undefined) return earlier.turn
  // What a new task would need is not even read. Of other requests only their target tells what they are.
  if (request.taskId === undefined && request.follows === undefined)
    refuseWork(request, { target: { kind: 'new', pending: [] } }, ports)
  try {
    const answered = await answer(request, { bound: earlier?.bound }, ports)
    const located = await locate(request, answered, ports)
    const read = 'items' in request ? await readInput(request, located, ports) : request
    const valid = validate(read, located, ports)
    const drafted = await draft(read, valid, ports)
    const admitted = await admit(read, drafted, ports)
    return await commit(read, admitted, ports)
  } catch (error) {
    if (request.idempotency === undefined || !(error instanceof LonghaulError)) throw error
    // Looking again would cost an overloaded system more than the request itself.
    if (error.code === 'overloaded') throw error
    // A store that was silent is not asked again: the caller must learn soon that it has to retry.
    const isSilent =
      isUnavailable(error) && performance.now() - startedAt > limits.redis.command / 2
    if (isSilent) throw error
    // Either a simultaneous request under the same key was accepted first, or this one was and its reply was lost.
    const twin = await findEarlier(request, ports).catch((failure: unknown) => {
      throw isUnavailable(error) && isUnavailable(failure) ? error : failure
    })
    if (twin?.turn !== undefined) return twin.turn
    throw error
  }
}
