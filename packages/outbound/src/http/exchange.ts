import type { ReserveCapacity } from '@longhaul/core'
import { request } from 'undici'
import type { EgressAllow } from '../guard/egress-allow.ts'
import { errorCodeOf } from '../error-code.ts'
import { Failure } from './failure.ts'
import { createGuardedAgent } from '../guard/guarded-agent.ts'
import type { Resolve } from '../dns/names.ts'
import { readBody } from './read-body.ts'
import { locationOf, type Hop } from './redirect.ts'

export type Answer =
  | { status: number; location: string }
  | { status: number; headers: Record<string, string>; body: Uint8Array; location?: never }

/** Sends one request over its own connection, and closes that in any case. The body of a redirect is not read. */
export async function exchange(
  hop: Hop,
  {
    allow,
    resolve,
    signal,
    maxBytes,
    maxBytesOf,
    capacity,
    onConnected,
  }: {
    allow: EgressAllow
    resolve: Resolve
    signal: AbortSignal
    maxBytes: number
    maxBytesOf?: ((headers: Record<string, string>) => number) | undefined
    capacity?: ReserveCapacity | undefined
    onConnected: () => void
  },
): Promise<Answer> {
  signal.throwIfAborted()
  let connected = false
  const ended = new AbortController()
  const agent = createGuardedAgent({
    allow,
    resolve,
    signal: ended.signal,
    maxBytes,
    onConnected: () => {
      connected = true
      onConnected()
    },
  })
  // Undici obeys the signal of a request only after it has connected.
  const stop = () => {
    ended.abort(signal.reason)
    void agent.destroy()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    const reply = await request(hop.url, {
      method: hop.method,
      headers: hop.headers,
      body: hop.body ?? null,
      dispatcher: agent,
    })
    const { statusCode: status, body } = reply
    const { 'content-encoding': encoding = '', ...headers } = joined(reply.headers)
    const location = locationOf(status, headers)
    if (location !== undefined) return { status, location }
    const isEmpty = hop.method === 'HEAD' || status === 204 || status === 304
    const declared = headers['content-length']
    const read = await readBody(body, {
      encoding: isEmpty ? '' : encoding,
      maxBytes: Math.min(maxBytes, maxBytesOf?.(headers) ?? maxBytes),
      declared,
      capacity,
    })
    return { status, headers, body: read }
  } catch (error) {
    throw error instanceof Failure ? error : failure(error, { host: hop.url.host, connected })
  } finally {
    signal.removeEventListener('abort', stop)
    // A look-up may still wait, when the time limit for connecting was reached first.
    ended.abort()
    await agent.destroy()
  }
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

function failure(
  cause: unknown,
  { host, connected }: { host: string; connected: boolean },
): Failure {
  const code = errorCodeOf(cause)
  if (!connected) {
    const message = `${host} cannot be reached: ${whyUnreachable(code)}`
    return new Failure('unreachable', message, cause)
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new Failure('too_large', `the headers of ${host} are too large`, cause)
  }
  return new Failure('broken', `${host} ${whyBroken(code)}`, cause)
}

function whyUnreachable(code: string): string {
  if (code === 'ECONNREFUSED') return 'it refused the connection'
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'it did not answer in time'
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return 'no trusted TLS connection could be made'
  return 'the connection failed'
}

function whyBroken(code: string): string {
  if (code.startsWith('HPE_')) return 'did not answer in HTTP'
  if (/^(?:Z_|ERR_BROTLI|ERR__ERROR_|ERR_PADDING)/.test(code)) {
    return 'sent a reply that cannot be decompressed'
  }
  return 'closed the connection before its reply was complete'
}
