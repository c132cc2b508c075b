import { LonghaulError } from '@longhaul/core'
import { exitWithReason, type Logger } from '@longhaul/process'
import type { Backend, Installation, Refusal } from '@longhaul/redis'
import type { Agents, Keys } from '@longhaul/tasks'
import { openRedisSession } from './redis-session.ts'

type Options = {
  backend: Backend
  keys: Keys
  agents: Agents
  installation: Installation
  /** Whether Redis must keep what it stores. */
  durable: boolean
  log: Logger
  onFailure: (error: unknown) => void
}

/** Prepares Redis for requests, each time that it is reached anew, and finds out when it must be done again. */
export function startSession(options: Options) {
  const { backend, keys, agents, installation, durable, log, onFailure } = options
  const { redis, bulk } = backend.connections
  let isLeaving = false

  /** Only at the start do too few shards end the process: one that has served so far goes on until it is replaced. */
  function heed({ check, reason }: Refusal): void {
    if (!backend.hasServed() || check === 'redis') exitWithReason(reason)
    if (check === 'namespace') leave(reason)
    log.error({ why: reason }, 'too few shards')
  }

  /** Another installation has taken the namespace: nothing of it may be touched any more. */
  function leave(why: string): never {
    if (!isLeaving) {
      log.fatal({ why }, 'namespace taken over, shutting down')
      process.kill(process.pid, 'SIGTERM')
    }
    // A second signal would cut off the replies that are under way.
    isLeaving = true
    throw new LonghaulError('unavailable', 'This process is being shut down.')
  }

  return openRedisSession({
    redis,
    otherClients: [bulk],
    trouble: backend.storeCheck,
    async begin() {
      const refusal = await backend.check({ installation, durable })
      if (refusal !== undefined) heed(refusal)
      agents.clear()
      await keys.restore()
    },
    isLost: async () => (await keys.isLost()) || (await backend.isTaken(installation)),
    onFailure,
  })
}
