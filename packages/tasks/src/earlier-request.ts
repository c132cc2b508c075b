import {
  type Admit,
  type BoundRequest,
  type IdempotencyKeys,
  LonghaulError,
  type TaskStore,
} from '@longhaul/core'
import { acceptedBefore } from './accepted.ts'
import type { AcceptedTurn, TurnRequest } from './turn-request.ts'

type Ports = { store: TaskStore; idempotency: IdempotencyKeys; admit: Admit }

/** The request that came first under the same key, and its turn, if it got one before it was cut off. */
export async function findEarlier(
  { workspace, idempotency }: TurnRequest,
  ports: Ports,
): Promise<{ bound: BoundRequest; turn?: AcceptedTurn } | undefined> {
  if (idempotency === undefined) return undefined
  const bound = await ports.idempotency.find(workspace, idempotency.key)
  if (bound === undefined) return undefined
  refuseOther(bound, idempotency)
  for (const taskId of [bound.taskId, bound.fork]) {
    const taken = taskId && (await ports.store.turnOf(taskId, bound.requestId))
    if (taken) return { bound, turn: await acceptedBefore(taskId, taken, ports) }
  }
  return { bound }
}

/** Binds a key to a request, or finds the one that it is bound to. Rejects with mismatch. */
export async function bindKey(
  { key, ...request }: BoundRequest & { key: string },
  workspace: string,
  { idempotency }: Pick<Ports, 'idempotency'>,
): Promise<BoundRequest> {
  const bound = await idempotency.bind(workspace, key, request)
  refuseOther(bound, request)
  return bound
}

function refuseOther(bound: BoundRequest, { fingerprint }: { fingerprint: string }): void {
  if (bound.fingerprint === fingerprint) return
  throw new LonghaulError('mismatch', 'Another request came with this Idempotency-Key before.', {
    fields: [{ path: 'Idempotency-Key', message: 'belongs to a request with another body' }],
  })
}
