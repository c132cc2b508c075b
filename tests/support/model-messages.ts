import type { Cluster } from '@longhaul/testbed'

/** What the model was given in the last call of a turn. */
export function messagesOf({ model }: Cluster, responseId: string) {
  const last = model.requests.findLast(({ idempotencyKey }) =>
    idempotencyKey?.startsWith(`${responseId}.`),
  )
  return last?.body.messages ?? []
}
