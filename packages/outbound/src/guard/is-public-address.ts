import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Whether an address is global unicast, so that it is outside of the operator's network. IPv6 addresses that contain an
 * IPv4 address (mapped, NAT64, 6to4, Teredo) do not count as public.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv6' ? address.match(globalUnicast) : address.toString() !== azureHost
}

/** All addresses that IANA has assigned. The library also calls the others unicast, even `::127.0.0.1`. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** At this address Azure serves a virtual machine from its own host. Only its number is public. */
const azureHost = '168.63.129.16'
