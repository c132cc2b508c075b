import ipaddr from 'ipaddr.js'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * Sorts the addresses of a name into the order in which they are tried: IPv6 addresses of a kind that this machine has,
 * then IPv4, then the others. The system's own look-up uses the same order (RFC 6724).
 */
export function inOrder(addresses: readonly string[], own = ownKinds): string[] {
  const all = [...new Set(addresses)]
  const old = all.filter((address) => !isIPv6(address))
  if (old.length === 0 || old.length === all.length) return all
  const kinds = own()
  const rank = (address: string) => (kinds.has(kindOf(address)) ? 0 : 2)
  const ranked = all.map((address) => ({ address, rank: isIPv6(address) ? rank(address) : 1 }))
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ address }) => address)
}

type Kind = 'loopback' | 'uniqueLocal' | 'linkLocal' | 'global'

/** The kinds of IPv6 addresses that this machine has. */
function ownKinds(): ReadonlySet<Kind> {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return new Set(all.flatMap(({ family, address }) => (family === 'IPv6' ? kindOf(address) : [])))
}

function kindOf(address: string): Kind {
  const range = ipaddr.parse(address).range()
  return range === 'loopback' || range === 'uniqueLocal' || range === 'linkLocal' ? range : 'global'
}
