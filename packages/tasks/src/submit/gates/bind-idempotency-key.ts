import type { BoundRequest } from '@longhaul/core'
import { refuseOtherRequest } from '../earlier-request.ts'
import type { Admitted, StepPorts } from '../pipeline.ts'
import type { TurnRequest } from '../turn-request.ts'

/** Binds a request's key to its identity, or adopts the identity that the key is bound to. Rejects with mismatch. */
export function bindIdempotencyKey(
  { workspace, idempotency: requested }: TurnRequest,
  found: Admitted,
  ports: Pick<StepPorts, 'idempotency'>,
): Promise<Admitted> | undefined {
  return requested && bind(requested, { workspace, found }, ports)
}

async function bind(
  requested: NonNullable<TurnRequest['idempotency']>,
  { workspace, found }: { workspace: string; found: Admitted },
  { idempotency }: Pick<StepPorts, 'idempotency'>,
): Promise<Admitted> {
  const { key, fingerprint } = requested
  const own: BoundRequest = { ...found.identity, fingerprint }
  let bound = found.bound
  for (;;) {
    bound ??= await idempotency.bind(workspace, key, own)
    if (bound.requestId === own.requestId) return { ...found, hasBoundKey: true }
    refuseOtherRequest(bound, requested)
    if (await idempotency.adopt(workspace, key, bound)) return { ...found, identity: bound }
    // The first request was refused in the meantime, and its key is free again.
    bound = undefined
  }
}

/**
 * Releases the key of a request that the store has refused, so that nothing is left of it. A request that has adopted
 * the identity of another one leaves the key bound: the other one may still be accepted.
 */
export async function releaseIdempotencyKey(
  { workspace, idempotency: requested }: TurnRequest,
  { identity, hasBoundKey }: Admitted,
  { idempotency }: Pick<StepPorts, 'idempotency'>,
): Promise<void> {
  if (requested && hasBoundKey) await idempotency.release(workspace, requested.key, identity)
}
