import { limits, type ReserveCapacity } from '@longhaul/core'
import { checkParsedUrl, incomplete } from '../guard/check-url.ts'
import { checkRequest } from './check-request.ts'
import type { EgressAllow } from '../guard/egress-allow.ts'
import { startDeadline } from '../deadline.ts'
import { EgressError } from './egress-error.ts'
import { exchange } from './exchange.ts'
import { Failure } from './failure.ts'
import type { Resolve } from '../dns/names.ts'
import { redirected, type Hop } from './redirect.ts'

export type EgressRequest = {
  url: string
  method?: string
  headers?: Record<string, string>
  /** Names of headers that must not follow a redirect to another origin, as Authorization and Cookie do not. */
  secretHeaders?: string[]
  body?: string
  /** Whether a text of the request holds a secret. A redirect to another origin never carries one. */
  holdsSecret?: (text: string) => boolean
  signal: AbortSignal
  /** The time limit of the whole call: all redirects, and the whole body. */
  timeoutMs: number
  /** The limit of the body, decoded. */
  maxBytes: number
  /** A lower limit for some replies, by their headers. */
  maxBytesOf?: (headers: Record<string, string>) => number
  maxRedirects?: number
  /** Waits for capacity before more than a small part of the body is read. The time limit does not count the wait. */
  capacity?: ReserveCapacity
}

export type EgressReply = {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  body: Uint8Array
  /** The URL of the reply, after all redirects. */
  url: string
}

export type Egress = {
  /** Resolves with a reply of any status. Rejects with an EgressError when there is none. */
  fetch: (request: EgressRequest) => Promise<EgressReply>
}

/** The HTTP client for URLs that callers or models have written. It reaches only public or allowed hosts. */
export function createEgress({ allow, resolve }: { allow: EgressAllow; resolve: Resolve }): Egress {
  return {
    async fetch(request) {
      const { capacity, signal, timeoutMs } = request
      const deadline = startDeadline({ signal, timeoutMs, reason: timeIsOver })
      let sent = false
      const onConnected = () => {
        sent = true
      }
      try {
        return await follow(request, {
          allow,
          resolve,
          signal: deadline.signal,
          onConnected,
          capacity: capacity && ((bytes) => deadline.paused(() => capacity(bytes))),
        })
      } catch (cause) {
        if (signal.aborted) {
          throw new EgressError('aborted', 'the call was stopped', { sent, cause })
        }
        if (deadline.isOver()) {
          const message = `no complete reply came within ${timeoutMs / 1000} s`
          throw new EgressError('timeout', message, { sent, cause })
        }
        if (!(cause instanceof Failure)) throw cause
        throw new EgressError(cause.reason, cause.message, { sent, cause: cause.cause })
      } finally {
        deadline.end()
      }
    },
  }
}

function timeIsOver(): Error {
  return new Error('the time is over')
}

async function follow(
  {
    url,
    method = 'GET',
    headers = {},
    secretHeaders = [],
    holdsSecret,
    body,
    ...request
  }: EgressRequest,
  options: {
    allow: EgressAllow
    resolve: Resolve
    signal: AbortSignal
    onConnected: () => void
    capacity: ReserveCapacity | undefined
  },
): Promise<EgressReply> {
  const { maxBytes, maxBytesOf, maxRedirects = limits.egress.redirects } = request
  let hop = firstHop({ url, method, headers, body })
  for (let redirects = 0; ; redirects++) {
    const problem = checkParsedUrl(hop.url, options.allow)
    if (problem !== undefined) {
      throw refused(`${redirects === 0 ? 'the URL' : 'a redirect'} ${problem}`)
    }
    const answer = await exchange(hop, { ...options, maxBytes, maxBytesOf })
    if (answer.location === undefined) return { ...answer, url: hop.url.href }
    if (redirects === maxRedirects) throw tooManyRedirects(maxRedirects)
    hop = redirected(hop, { ...answer, secretHeaders, holdsSecret })
  }
}

function firstHop({
  url,
  method,
  headers,
  body,
}: {
  url: string
  method: string
  headers: Record<string, string>
  body: string | undefined
}): Hop {
  const problem = checkRequest(method, headers)
  if (problem !== undefined) throw refused(problem)
  const parsed = URL.parse(url)
  if (parsed === null) throw refused(`the URL ${incomplete}`)
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    method: method.toUpperCase(),
    url: parsed,
    headers: { ...defaultHeaders, ...Object.fromEntries(given) },
    body,
  }
}

/** Headers that a server may expect from any client. The caller's headers take precedence. */
const defaultHeaders = { accept: '*/*', 'accept-encoding': 'gzip, br', 'user-agent': 'longhaul' }

function refused(message: string): Failure {
  return new Failure('refused', message)
}

function tooManyRedirects(most: number): Failure {
  return new Failure(
    'too_many_redirects',
    `the reply is redirect number ${most + 1}, and ${most} are followed`,
  )
}
