import { cutText } from '@longhaul/core'
import { isIP } from 'node:net'
import type { EgressAllow } from './egress-allow.ts'
import { isPublicAddress } from './is-public-address.ts'

/**
 * The reason why the guard refuses a URL independently of DNS, as the end of a sentence that begins with the URL's
 * name; undefined when the URL passes, or when the decision depends on DNS.
 */
export function checkUrl(text: string, allow: EgressAllow): string | undefined {
  const url = URL.parse(text)
  if (url === null) return incomplete
  return checkParsedUrl(url, allow)
}

export const incomplete = 'must be a complete URL, such as https://example.com/path'

export function checkParsedUrl(url: URL, allow: EgressAllow): string | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return 'must begin with http:// or https://'
  }
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password'
  const host = hostOf(url)
  if (isIP(host) !== 0) return checkAddresses(host, [host], allow)
  if (isLocalhost(host) && !allow.host(host)) return notPublic(host)
  return undefined
}

/** The reason why a host with these addresses is refused: one address that is not public is enough. */
export function checkAddresses(
  host: string,
  addresses: string[],
  allow: EgressAllow,
): string | undefined {
  if (allow.host(host)) return undefined
  const pass = addresses.every((address) => isPublicAddress(address) || allow.address(address))
  return pass ? undefined : notPublic(host)
}

/** The name or address without the brackets in which a URL writes IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function isLocalhost(host: string): boolean {
  return /(?:^|\.)localhost\.?$/.test(host)
}

/** Names the requested host, never an address that it resolves to. */
function notPublic(host: string): string {
  return `leads to ${cutText(host, 100)}, which is not public, and not allowed by the operator of this server`
}
