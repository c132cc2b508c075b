import { type KnownQuotas, limits, type NewWork, overloaded, whyShed } from '@longhaul/core'
import { type Logger, startLoop } from '@longhaul/process'
import type { Backend } from '@longhaul/redis'
import { watchEventLoop } from './event-loop.ts'

type Options = {
  backend: Pick<Backend, 'watchLoad'>
  quotas: Pick<KnownQuotas, 'refuse'>
  /** How long a turn that could start may wait before new work is refused: milliseconds. */
  shedAfterMs: number
  random: () => number
  log: Logger
}

/**
 * Returns a function that throws `overloaded` for work that the system cannot take now, and `rate_limited` for work that
 * the store would refuse. Everything that it needs is measured in the background.
 */
export function createRefuseWork({ backend, quotas, shedAfterMs, random, log }: Options) {
  const load = backend.watchLoad({ longerThanMs: shedAfterMs })
  const { lagMs } = watchEventLoop()
  startLoop({
    everyMs: limits.shed.every,
    run: () => load.sample(),
    // A store that is away refuses work by itself.
    failed: (err) => log.debug({ err }, 'load was not measured'),
    keepsAlive: false,
  })
  return ({ workspace, fairnessKey, kind }: NewWork): void => {
    const waitedMs = load.waitedMs(workspace, fairnessKey)
    const why = whyShed({ memory: load.memory(), lagMs: lagMs(), waitedMs }, kind, shedAfterMs)
    if (why.length > 0) throw overloaded(why, random)
    quotas.refuse(workspace)
  }
}
