import {
  type BegunDelivery,
  type DeliveryQueue,
  limits,
  type ServedEndpoint,
  type StoredWebhook,
} from '@longhaul/core'
import { sendDelivery, type SendDeps } from '@longhaul/outbound'
import type { Logger } from '@longhaul/process'

export type ServeDeps = SendDeps & {
  deliveryQueue: DeliveryQueue
  newId: () => string
  /** A worker that is silent for so long loses an endpoint. */
  leaseMs: number
  /** Aborted when the worker begins to shut down, and when it gives up what it sends. */
  draining: AbortSignal
  stopped: AbortSignal
  /** Called for each attempt with what follows from it. */
  attempted: (outcome: string) => void
  log: Logger
}

const { atOnce, slice } = limits.webhooks
/** A worker looks for new deliveries of an endpoint that it serves at least this often, milliseconds. */
const mostPauseMs = 1_000

/** Serves the endpoints that are due, one after the other, until none is. */
export async function serveEndpoints(deps: ServeDeps): Promise<void> {
  while (!deps.draining.aborted) {
    const holder = deps.newId()
    const endpoint = await deps.deliveryQueue.take(holder, deps.leaseMs)
    if (endpoint === undefined) return
    await serve(endpoint, holder, deps)
  }
}

/** Sends deliveries of one endpoint until none is due, or until others should have their turn. */
async function serve(endpoint: ServedEndpoint, holder: string, deps: ServeDeps): Promise<void> {
  const { deliveryQueue, draining, leaseMs } = deps
  const lookEveryMs = Math.min(mostPauseMs, leaseMs / 3)
  const running = new Set<Promise<void>>()
  const until = performance.now() + slice
  for (;;) {
    const mark = await deliveryQueue.hold(endpoint, holder, leaseMs)
    // Another worker has it: what is under way is recorded there or here.
    if (mark === undefined) break
    const isOver = draining.aborted || performance.now() >= until
    const free = isOver ? 0 : atOnce - running.size
    const { webhook, begun, nextMs } = await deliveryQueue.begin(endpoint, free)
    for (const one of begun) {
      if (webhook === undefined) continue
      const sending = send({ endpoint, webhook, begun: one }, deps).finally(() =>
        running.delete(sending),
      )
      running.add(sending)
    }
    if (running.size === 0) {
      const isSoon = nextMs !== undefined && nextMs < lookEveryMs
      if (isOver || !isSoon) {
        if (await deliveryQueue.leave(endpoint, holder, { mark, nextMs })) return
        continue
      }
    }
    await Promise.race([
      ...running,
      pause(Math.min(Math.max(nextMs ?? lookEveryMs, 5), lookEveryMs)),
    ])
  }
  await Promise.all(running)
}

type Sending = { endpoint: ServedEndpoint; webhook: StoredWebhook; begun: BegunDelivery }

async function send({ endpoint, webhook, begun }: Sending, deps: ServeDeps): Promise<void> {
  const { deliveryQueue, stopped, attempted, log } = deps
  const { workspace, webhookId } = endpoint
  try {
    const { attempt, outcome } = await sendDelivery({ workspace, webhook, begun }, stopped, deps)
    // It is due again after the lease, with the same id.
    if (stopped.aborted) return
    const reason = await deliveryQueue.record(endpoint, begun, attempt, outcome, webhook)
    attempted(outcome.outcome)
    if (reason !== undefined)
      log.warn({ workspace, webhookId, reason }, 'webhook endpoint disabled')
  } catch (err) {
    log.warn({ err, workspace, webhookId, delivery: begun.id }, 'webhook attempt not recorded')
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
