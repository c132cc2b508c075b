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
  /** Whether Redis must be durable. */
  durable: boolean
  log: Logger
  onFailure: (error: unknown) => void
}

/** Prepares Redis for requests after each new connection, and detects when that must be repeated. */
export function startSession(options: Options) {
  const { backend, keys, agents, installation, durable, log, onFailure } = options
  const { redis, bulk } = backend.connections
  let isLeaving = false

  /** Too few shards end the process only at its start. A process that has served continues until it is replaced. */
  function heed({ check, reason }: Refusal): void {
    if (!backend.hasServed() || check === 'redis') exitWithReason(reason)
    if (check === 'namespace') leave(reason)
    log.error({ why: reason }, 'too few shards')
  }

  /** Another installation has taken over the namespace: this process must not use it any more. */
  function leave(why: string): never {
    if (!isLeaving) {
      log.fatal({ why }, 'namespace taken over, shutting down')
      process.kill(process.pid, 'SIGTERM')
    }
    // A second signal would cut off replies in transfer.
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
