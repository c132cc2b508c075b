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
  const identity = await idempotency.bind(workspace, key, { ...found.identity, fingerprint })
  refuseOtherRequest(identity, requested)
  return { ...found, identity }
}
