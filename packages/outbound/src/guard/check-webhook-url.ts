import { checkUrl } from './check-url.ts'
import type { EgressAllow } from './egress-allow.ts'

/**
 * The reason why events are not sent to a URL, as the end of a sentence that begins with the URL's name. Events have the
 * data of callers, so they are encrypted on their way, unless the operator allows the host.
 */
export function checkWebhookUrl(text: string, allow: EgressAllow): string | undefined {
  const problem = checkUrl(text, allow)
  if (problem !== undefined) return problem
  const { protocol, hostname } = new URL(text)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (protocol === 'https:' || allow.host(host) || allow.address(host)) return undefined
  return 'must begin with https://'
}
