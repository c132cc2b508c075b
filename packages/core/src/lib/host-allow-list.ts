import { isIP } from 'node:net'

/** One entry of an allow-list of hosts. */
export type HostRule =
  | { kind: 'host'; name: string }
  /** All hosts below a domain; `suffix` begins with a dot. */
  | { kind: 'subdomains'; suffix: string }
  /** A single address is a network of all its bits. */
  | Network

export type Network = { kind: 'network'; address: string; bits: number }

/**
 * Parses an entry of an allow-list: a host name, `*.domain` for all hosts below it, an IP address, or a network in CIDR
 * notation. Undefined when the entry is none of these. No other code implements this grammar.
 */
export function parseHostRule(entry: string): HostRule | undefined {
  if (entry.includes('/') || isIP(entry) !== 0) return parseNetwork(entry)
  const name = entry.toLowerCase()
  if (!hostPattern.test(name)) return undefined
  return name.startsWith('*')
    ? { kind: 'subdomains', suffix: name.slice(1) }
    : { kind: 'host', name }
}

/** An IP address, or a network in CIDR notation. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefix, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return undefined
  const maxBits = version === 4 ? 32 : 128
  if (prefix === undefined) return { kind: 'network', address, bits: maxBits }
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  return bits <= maxBits ? { kind: 'network', address, bits } : undefined
}

/** The last label contains a letter. Otherwise the entry is a mistyped address. */
const hostPattern = /^(?:\*\.)?(?:[a-z0-9_-]{1,63}\.)*(?!0x)[a-z0-9-]*[a-z][a-z0-9-]*$/
