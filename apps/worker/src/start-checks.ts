import { exitWithReason } from '@longhaul/process'
import type { Backend, Installation } from '@longhaul/redis'
import { setTimeout as sleep } from 'node:timers/promises'

type Options = {
  installation: Installation
  /** Whether Redis must be durable. */
  durable: boolean
  /** Called with the reason why Redis cannot answer yet. */
  failed: (error: unknown) => void
}

const pauseMs = 1_000

/**
 * Resolves when this process may use its Redis, and ends the process if it must not. Retries while Redis is loading or
 * refuses the password: an operator may be changing it.
 */
export async function passStartChecks(
  backend: Pick<Backend, 'check'>,
  { installation, durable, failed }: Options,
): Promise<void> {
  for (;;) {
    try {
      const refusal = await backend.check({ installation, durable })
      if (refusal === undefined) return
      exitWithReason(refusal.reason)
    } catch (error) {
      failed(error)
      await sleep(pauseMs)
    }
  }
}
