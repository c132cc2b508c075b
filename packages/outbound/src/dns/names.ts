import { cutText, createFairQueue, limits } from '@longhaul/core'
import { Resolver } from 'node:dns/promises'
import { errorCodeOf } from '../error-code.ts'
import { Failure } from '../http/failure.ts'
import { hostsIn } from './hosts-file.ts'
import { inOrder } from './address-order.ts'
import { candidates, searchIn } from './search-domains.ts'
import { readWhenChanged } from './read-when-changed.ts'

/** The addresses of a host name. Without an address it rejects or is empty. Stops when the signal is aborted. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<string[]>

export type NameResolver = {
  /** Looks up names for a workspace. */
  of(workspace: string): Resolve
}

/**
 * Looks up host names as the system does, in its hosts file and by its name servers, but not with the system's own
 * function. That function cannot be aborted, and runs on four threads, which also read files and look up all other
 * names of the process. Workspaces take turns, so that slow name servers of one workspace do not block others.
 */
export function createNameResolver({
  hosts = '/etc/hosts',
  configuration = '/etc/resolv.conf',
  servers,
  timeMs = limits.lookups.time,
}: {
  /** The paths of the system's files. */
  hosts?: string
  configuration?: string
  /** Addresses of name servers, with or without a port; else those of the configuration. */
  servers?: string[]
  /** The time limit of a look-up, milliseconds. */
  timeMs?: number
} = {}): NameResolver {
  const { atOnce, perWorkspace } = limits.lookups
  const queue = createFairQueue({ name: 'host names', atOnce, perWorkspace, waiting: Infinity })
  const known = readWhenChanged(hosts, hostsIn)
  const search = readWhenChanged(configuration, searchIn)

  async function ask(host: string, signal: AbortSignal): Promise<string[]> {
    signal.throwIfAborted()
    const expiry = AbortSignal.timeout(timeMs)
    const resolver = new Resolver({ timeout: firstTryMs, tries: 3 })
    if (servers !== undefined) resolver.setServers(servers)
    const stop = () => resolver.cancel()
    const stopped = AbortSignal.any([signal, expiry])
    stopped.addEventListener('abort', stop, { once: true })
    try {
      for (const name of candidates(host, search())) {
        const found = await addressesOf(name, resolver)
        if (found.length > 0) return found
        stopped.throwIfAborted()
      }
      return []
    } catch (error) {
      signal.throwIfAborted()
      throw expiry.aborted || errorCodeOf(error) === 'ETIMEOUT' ? unanswered(host, error) : error
    } finally {
      stopped.removeEventListener('abort', stop)
    }
  }

  return {
    of: (workspace) => async (name, signal) => {
      const host = name.toLowerCase()
      const plain = host.replace(/\.$/, '')
      const own = known().get(plain.endsWith('.localhost') ? 'localhost' : plain)
      if (own !== undefined) return inOrder(own)
      return inOrder(await queue.run(workspace, () => ask(host, signal), { signal }))
    },
  }
}

/** The time limit of the first query to a name server, milliseconds. */
const firstTryMs = 1_000
/** How long to wait for the second address family after the first one has arrived, milliseconds. */
const otherFamilyMs = 500

/** The addresses of a name; empty when the name servers know none. Rejects when they do not answer. */
async function addressesOf(name: string, resolver: Resolver): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined
  const come = (addresses: string[]) => {
    timer ??= setTimeout(() => resolver.cancel(), otherFamilyMs)
    return addresses
  }
  const results = await Promise.allSettled([
    resolver.resolve6(name).then(come),
    resolver.resolve4(name).then(come),
  ])
  clearTimeout(timer)
  const found = results.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  const errors: unknown[] = results.flatMap((each) =>
    each.status === 'rejected' ? [each.reason] : [],
  )
  if (found.length > 0 || errors.some((error) => errorCodeOf(error) === 'ENOTFOUND')) return found
  const failure = errors.find((error) => !noAddress.has(errorCodeOf(error)))
  if (failure !== undefined) throw failure as Error
  return []
}

/** Errors that mean no address under this name. Another name of the search list may have one. */
const noAddress = new Set(['ENODATA', 'ESERVFAIL', 'EBADNAME'])

function unanswered(host: string, cause: unknown): Failure {
  const message = `no name server has told the address of ${cutText(host, 100)} in time`
  return new Failure('unreachable', message, cause)
}
