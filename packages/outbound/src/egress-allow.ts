import { cutText } from '@longhaul/core'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The operator's exceptions from the guard. */
export type EgressAllow = {
  /** A host that passes whatever its addresses are. */
  host: (host: string) => boolean
  /** An address that passes under any name. */
  address: (address: string) => boolean
}

/**
 * Reads the entries of LONGHAUL_EGRESS_ALLOW: a host, `*.domain` for all hosts below it, an
 * address, or a network as CIDR. Each holds for every port.
 */
export function parseEgressAllow(entries: readonly string[]): EgressAllow {
  const networks = entries.filter(isNetwork).map(networkOf)
  const names = entries.filter((entry) => !isNetwork(entry)).map(nameOf)
  return {
    host: (host) => {
      const given = host.toLowerCase().replace(/\.$/, '')
      return names.some((name) =>
        name.startsWith('*') ? given.endsWith(name.slice(1)) : given === name,
      )
    },
    address: (text) => {
      if (isIP(text) === 0) return false
      const address = ipaddr.parse(text)
      return networks.some(
        ([network, bits]) => address.kind() === network.kind() && address.match(network, bits),
      )
    },
  }
}

function isNetwork(entry: string): boolean {
  return entry.includes('/') || isIP(entry) !== 0
}

function networkOf(entry: string): ReturnType<typeof ipaddr.parseCIDR> {
  const [address = '', prefix, ...more] = entry.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  const bits = prefix ?? String(most)
  const fits = /^\d{1,3}$/.test(bits) && Number(bits) <= most
  if (isIP(address) === 0 || !fits || more.length > 0) throw wrong(entry)
  return [ipaddr.parse(address), Number(bits)]
}

/** The last label has a letter: else it is an address that was mistyped. */
function nameOf(entry: string): string {
  const name = entry.toLowerCase()
  if (!/^(?:\*\.)?(?:[a-z0-9_-]{1,63}\.)*(?!0x)[a-z0-9-]*[a-z][a-z0-9-]*$/.test(name)) {
    throw wrong(entry)
  }
  return name
}

function wrong(entry: string): Error {
  return new Error(
    `LONGHAUL_EGRESS_ALLOW has the entry ${JSON.stringify(cutText(entry, 80))}, which is no host, ` +
      '*.domain, IP address or network such as 10.1.0.0/16',
  )
}
