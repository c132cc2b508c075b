import { invalid } from '@longhaul/core'
import type { Admitted, StepPorts } from '../pipeline.ts'
import type { TurnRequest } from '../turn-request.ts'

/**
 * Refuses a request with an address or an endpoint that cannot be notified. From then on the events of its workspace are
 * noted, because only the turn itself names the address.
 */
export function listenFor(
  { workspace, webhook }: TurnRequest,
  found: Admitted,
  ports: Pick<StepPorts, 'webhooks' | 'urlProblem'>,
): Promise<Admitted> | undefined {
  return webhook === undefined ? undefined : listen(workspace, webhook, found, ports)
}

async function listen(
  workspace: string,
  webhook: string,
  found: Admitted,
  { webhooks, urlProblem }: Pick<StepPorts, 'webhooks' | 'urlProblem'>,
): Promise<Admitted> {
  if (webhook.includes('://')) {
    const problem = urlProblem(webhook)
    if (problem !== undefined) throw invalid('webhook', problem)
    await webhooks.listen(workspace)
  } else if ((await webhooks.get(workspace, webhook)) === undefined) {
    throw invalid('webhook', `there is no webhook endpoint ${webhook}: name one, or a URL`)
  }
  return found
}
