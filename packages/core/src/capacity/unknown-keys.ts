import { LRUCache } from 'lru-cache'
import { type LonghaulError, rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'
import { createWindows } from './count-windows.ts'

export type UnknownKeys = ReturnType<typeof createUnknownKeys>

/**
 * Counts unknown keys by the address that sends them. Above the limit per minute, further keys from that address are
 * refused without a look-up, except keys that were valid recently: other callers may share the address.
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
  // By the hash of the key, in the order of the latest use, accurate to about half a minute.
  const valid = new LRUCache<string, number>({ max: limits.unknownKeys.validKeys })

  function wasValidRecently(hash: string | undefined): boolean {
    const until = hash === undefined ? undefined : valid.peek(hash)
    return until !== undefined && until > now() && until <= now() + limits.unknownKeys.validFor
  }

  return {
    /** Throws `rate_limited` when too many unknown keys have arrived from the address. `hash` is the hash of the key. */
    refuse(address: string | undefined, hash?: string): void {
      if (unknown.size() === 0) return
      const { count, leftMs } = unknown.read(addressGroup(address))
      if (count >= perMinute && !wasValidRecently(hash)) throw tooManyUnknown(leftMs)
    },

    /** The key with this hash is valid. */
    valid(hash: string): void {
      const until = now() + limits.unknownKeys.validFor
      // A slightly shorter time is sufficient, so most requests need not write.
      if ((valid.peek(hash) ?? 0) > until - limits.unknownKeys.validFor / 100) return
      valid.set(hash, until)
    },

    /** A key from this address is unknown. */
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

/**
 * The group of an address: an IPv4 address itself, or the /64 network of an IPv6 address, which belongs to one
 * customer.
 */
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

/** The groups of a part of an IPv6 address. An IPv4 address at its end counts as two groups. */
function groupsOf(part: string): string[] {
  const groups = part === '' ? [] : part.split(':')
  return groups.flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))
}
