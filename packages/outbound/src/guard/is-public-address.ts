import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Whether an address is global unicast, so that it leads out of the operator's network. IPv6
 * addresses that carry an IPv4 one (mapped, NAT64, 6to4, Teredo) are not.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv6' ? address.match(globalUnicast) : address.toString() !== azureHost
}

/** All that IANA has given out. The library calls the rest unicast too, `::127.0.0.1` among it. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** Here Azure serves each virtual machine from its own host; the address is public by its number only. */
const azureHost = '168.63.129.16'
