import { LRUCache } from 'lru-cache'
import { type LonghaulError, rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'
import { createWindows } from './count-windows.ts'

export type UnknownKeys = ReturnType<typeof createUnknownKeys>

/**
 * Counts unknown keys by the address that sends them. Above the limit of a minute, further keys of that address are
 * refused before anything is asked for them, except those that were valid lately: others may share the address.
 */
export function createUnknownKeys({
  now,
  perMinute = limits.unknownKeys.perMinute,
  addresses = limits.unknownKeys.addresses,
}: {
  now: () => number
  perMinute?: number
  addresses?: number
}) {
  const unknown = createWindows({ windowMs: limits.unknownKeys.window, size: addresses, now })
  // By the hash of the key. The order is that of the latest use, within half a minute or so.
  const valid = new LRUCache<string, number>({ max: limits.unknownKeys.validKeys })

  function wasValidLately(hash: string | undefined): boolean {
    const until = hash === undefined ? undefined : valid.peek(hash)
    return until !== undefined && until > now() && until <= now() + limits.unknownKeys.validFor
  }

  return {
    /** Throws `rate_limited` when too many unknown keys have come from the address. `hash` is that of the key. */
    refuse(address: string | undefined, hash?: string): void {
      if (unknown.size() === 0) return
      const { count, leftMs } = unknown.read(addressGroup(address))
      if (count >= perMinute && !wasValidLately(hash)) throw tooManyUnknown(leftMs)
    },

    /** The key of this hash was found to be valid. */
    valid(hash: string): void {
      const until = now() + limits.unknownKeys.validFor
      // A moment less is as good: most requests need write nothing.
      if ((valid.peek(hash) ?? 0) > until - limits.unknownKeys.validFor / 100) return
      valid.set(hash, until)
    },

    /** A key from this address was found to be unknown. */
    unknown(address: string | undefined, hash?: string): void {
      if (hash !== undefined) valid.delete(hash)
      unknown.add(addressGroup(address))
    },
  }
}

function tooManyUnknown(leftMs: number): LonghaulError {
  return rateLimited(
    ['unknown_keys'],
    'Too many unknown keys have come from this address: check the key, and try again in a minute.',
    leftMs / 1_000,
  )
}

/** What counts as one address: an IPv4 address, or the /64 network of an IPv6 address, which is one customer's. */
export function addressGroup(address = 'unknown'): string {
  const [plain = ''] = address.toLowerCase().split('%')
  if (!plain.includes(':')) return plain
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)
  if (mapped?.[1] !== undefined) return mapped[1]
  const [front = '', back] = plain.split('::')
  const groups = groupsOf(front)
  const missing = back === undefined ? 0 : 8 - groups.length - groupsOf(back).length
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...groupsOf(back ?? '')]
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}

/** The groups of a part of an IPv6 address; an IPv4 address at its end stands for two. */
function groupsOf(part: string): string[] {
  const groups = part === '' ? [] : part.split(':')
  return groups.flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))
}
