import { cutText, createFairQueue, limits } from '@longhaul/core'
import { Resolver } from 'node:dns/promises'
import { errorCodeOf } from '../error-code.ts'
import { Failure } from '../http/failure.ts'
import { hostsIn } from './hosts-file.ts'
import { inOrder } from './address-order.ts'
import { candidates, searchIn } from './search-domains.ts'
import { readWhenChanged } from './read-when-changed.ts'

/** A host name's addresses; rejects, or has none, when there are none. Stops when the signal is aborted. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<string[]>

export type NameResolver = {
  /** Looks up names for a workspace. */
  of(workspace: string): Resolve
}

/**
 * Looks up host names as the system does, in its hosts file and by its name servers, but not with the system's
 * own function: that one cannot be stopped, and has four threads, which files and all other names of the process need,
 * too. Workspaces take turns, so that slow name servers of one hold up no other.
 */
export function createNameResolver({
  hosts = '/etc/hosts',
  configuration = '/etc/resolv.conf',
  servers,
  timeMs = limits.lookups.time,
}: {
  /** Where the system's files are. */
  hosts?: string
  configuration?: string
  /** Addresses of name servers, with or without a port; else those of the configuration. */
  servers?: string[]
  /** How long a look-up may take. */
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

/** Milliseconds until the first try of a name server ends. */
const firstTryMs = 1_000
/** Milliseconds to wait for the other family of addresses when one has arrived. */
const otherFamilyMs = 500

/** Empty when the name servers know no address. Rejects when they do not answer. */
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
  const trouble = errors.find((error) => !noAddress.has(errorCodeOf(error)))
  if (trouble !== undefined) throw trouble as Error
  return []
}

/** Errors that mean no address under this name. Another name of the search list may have one. */
const noAddress = new Set(['ENODATA', 'ESERVFAIL', 'EBADNAME'])

function unanswered(host: string, cause: unknown): Failure {
  const message = `no name server has told the address of ${cutText(host, 100)} in time`
  return new Failure('unreachable', message, cause)
}
