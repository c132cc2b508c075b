import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request may repeat an earlier one: some clients send a synchronous request again, without a key, when its
 * connection is lost or the server shuts down. Undefined for a client that is not known to do so.
 */
export function mayRepeat(headers: IncomingHttpHeaders): boolean | undefined {
  const agent = headers['user-agent'] ?? ''
  // They send the same headers each time.
  if (/^(ai\/|ai-sdk\/|langchainjs-openai\/)/.test(agent)) return true
  // The OpenAI SDKs, and libraries that use their repeats, count them.
  const count = headers['x-stainless-retry-count']
  return count === undefined ? undefined : count !== '0'
}
