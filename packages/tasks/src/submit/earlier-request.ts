import { type BoundRequest, LonghaulError } from '@longhaul/core'
import { acceptedBefore } from './accepted.ts'
import type { StepPorts } from './pipeline.ts'
import type { AcceptedTurn, RequestFields } from './turn-request.ts'

type Ports = Pick<StepPorts, 'store' | 'idempotency' | 'reserve'>

/**
 * Finds the first request under the same key, or with the same fixed identity, and its turn, if one was accepted.
 */
export async function findEarlier(
  { workspace, idempotency, fixed }: RequestFields,
  ports: Ports,
): Promise<{ bound?: BoundRequest; turn?: AcceptedTurn } | undefined> {
  if (fixed !== undefined) {
    const taken = await ports.store.turnOf(fixed.taskId, fixed.requestId)
    return taken && { turn: await acceptedBefore(fixed.taskId, taken, ports) }
  }
  if (idempotency === undefined) return undefined
  const bound = await ports.idempotency.find(workspace, idempotency.key)
  if (bound === undefined) return undefined
  refuseOtherRequest(bound, idempotency)
  for (const taskId of [bound.taskId, bound.fork]) {
    const taken = taskId && (await ports.store.turnOf(taskId, bound.requestId))
    if (taken) return { bound, turn: await acceptedBefore(taskId, taken, ports) }
  }
  return { bound }
}

/** Throws mismatch when the key is bound to a request with another body. */
export function refuseOtherRequest(
  bound: BoundRequest,
  { fingerprint }: { fingerprint: string },
): void {
  if (bound.fingerprint === fingerprint) return
  throw new LonghaulError('mismatch', 'Another request came with this idempotency key before.', {
    fields: [{ path: 'idempotencyKey', message: 'belongs to a request with another body' }],
  })
}
