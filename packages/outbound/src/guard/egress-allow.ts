import { type HostRule, type Network, parseHostRule } from '@longhaul/core'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { quoted } from '../quoted.ts'

/** The operator's exceptions from the guard. */
export type EgressAllow = {
  /** Whether a host passes with any addresses. */
  host: (host: string) => boolean
  /** Whether an address passes under any name. */
  address: (address: string) => boolean
}

/** Reads the entries of LONGHAUL_EGRESS_ALLOW. Each holds for every port. */
export function parseHostAllowList(entries: readonly string[]): EgressAllow {
  const rules = entries.map(ruleOf)
  const networks = rules.filter(isNetwork).map(parsedNetwork)
  return {
    host: (text) => {
      const host = text.toLowerCase().replace(/\.$/, '')
      return rules.some((rule) => matchesHost(rule, host))
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

function ruleOf(entry: string): HostRule {
  const rule = parseHostRule(entry)
  if (rule !== undefined) return rule
  throw new Error(
    `LONGHAUL_EGRESS_ALLOW has the entry ${quoted(entry)}, which is no host, ` +
      '*.domain, IP address or network such as 10.1.0.0/16',
  )
}

function isNetwork(rule: HostRule): rule is Network {
  return rule.kind === 'network'
}

function parsedNetwork({ address, bits }: Network): ReturnType<typeof ipaddr.parseCIDR> {
  return [ipaddr.parse(address), bits]
}

function matchesHost(rule: HostRule, host: string): boolean {
  switch (rule.kind) {
    case 'host':
      return host === rule.name
    case 'subdomains':
      return host.endsWith(rule.suffix)
    case 'network':
      return false
  }
}
