import { exitWithReason } from '@longhaul/process'
import type { Backend, Installation } from '@longhaul/redis'
import { setTimeout as sleep } from 'node:timers/promises'

type Options = {
  installation: Installation
  /** Whether Redis must keep what it stores. */
  durable: boolean
  /** Receives why Redis cannot say yet. */
  failed: (error: unknown) => void
}

const pauseMs = 1_000

/**
 * Resolves when this process may use its Redis, and ends the process when it must not. A Redis that is loading, or
 * refuses the password, is asked again: somebody is at work on it.
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
