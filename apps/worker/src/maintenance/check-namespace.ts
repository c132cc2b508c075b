import type { Logger } from '@longhaul/process'
import type { Backend, Installation, Refusal } from '@longhaul/redis'

export type NamespaceCheck = ReturnType<typeof createNamespaceCheck>

type Options = {
  backend: Pick<Backend, 'check'>
  tickets: { restoreMeta(): Promise<void> }
  installation: Installation
  log: Logger
  /** Whether the worker is shutting down. */
  isDraining: () => boolean
}

/**
 * Checks, while a worker runs, that its namespace still belongs to its installation and has no more shards than it
 * serves.
 */
export function createNamespaceCheck(options: Options) {
  const { backend, tickets, installation, log, isDraining } = options
  let problem: Refusal | undefined

  /** Shuts the worker down: another installation has taken over the namespace and its jobs. */
  function leave(why: string): void {
    if (isDraining()) return
    log.fatal({ why }, 'namespace taken over, shutting down')
    process.kill(process.pid, 'SIGTERM')
  }

  return {
    /** Why the worker is not ready. */
    problem: () => problem?.reason,

    async check(): Promise<void> {
      const found = await backend.check({ installation, durable: false })
      if (found?.check === 'namespace') return leave(found.reason)
      if (found !== undefined && found.reason !== problem?.reason)
        log.error({ why: found.reason }, 'too few shards')
      problem = found
      await tickets.restoreMeta()
    },
  }
}
