import { LonghaulError, type Webhook } from '@longhaul/core'
import { sendDelivery, type SendDeps } from '@longhaul/outbound'

/** Sends sample events. Rejects with conflict when an endpoint does not answer. */
export function createTestSender(deps: SendDeps) {
  return async (
    webhook: Webhook,
    { id, body, workspace }: { id: string; body: string; workspace: string },
  ): Promise<{ status: number }> => {
    const begun = { id, body, attempt: 1, counted: 1 }
    const never = new AbortController().signal
    const { attempt } = await sendDelivery({ workspace, webhook, begun }, never, deps)
    if (attempt.status !== undefined) return { status: attempt.status }
    throw new LonghaulError('conflict', `The endpoint has not answered: ${attempt.error ?? ''}.`)
  }
}
