import type { Cluster } from '@longhaul/testbed'

/** The messages of the last model call of a turn. */
export function messagesOf({ model }: Cluster, responseId: string) {
  const last = model.requests.findLast(({ idempotencyKey }) =>
    idempotencyKey?.startsWith(`${responseId}.`),
  )
  return last?.body.messages ?? []
}
