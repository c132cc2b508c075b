import type { ShutdownStep } from '@longhaul/process'
import type { Consumer } from '@longhaul/redis'
import type { Liveness } from './maintenance/liveness.ts'
import type { Chores } from './maintenance/run-chores.ts'
import type { Suspects } from './suspects/run-suspect.ts'
import type { DeliveryService } from './webhooks/start-webhooks.ts'
import type { Drain } from './turn/drain.ts'

type Parts = {
  webhooks: DeliveryService
  drain: Drain
  suspects: Suspects
  consumers: Consumer[]
  liveness: Liveness
  eventLoop: { stop(): void }
  chores: Chores
  wake: { close(): Promise<void> }
  health: { close(): Promise<void> }
}

/** The steps of the shutdown of a worker, in order. */
export function shutdownSteps(parts: Parts, drainMs: number): ShutdownStep[] {
  const { webhooks, drain, suspects, consumers, liveness, eventLoop, chores, wake, health } = parts
  return [
    {
      name: 'release turns',
      // A turn that an unavailable Redis does not take back by then is taken over when its lease expires.
      deadlineMs: drainMs + 1_000,
      async run() {
        drain.begin(drainMs)
        suspects.drain(drainMs)
        const closing = consumers.map((consumer) => consumer.close())
        await Promise.all([...closing, webhooks.drain(drainMs)])
      },
    },
    { name: 'leave', run: () => liveness.leave(), deadlineMs: 200 },
    { name: 'stop watching the event loop', run: () => eventLoop.stop() },
    { name: 'stop chores', run: () => chores.stop() },
    { name: 'stop watching', run: () => wake.close() },
    { name: 'stop listening', run: () => health.close() },
  ]
}
