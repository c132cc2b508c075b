import { fetch as undiciFetch, type RequestInit } from 'undici'
import { checkParsedUrl } from '../guard/check-url.ts'
import type { EgressAllow } from '../guard/egress-allow.ts'
import { Failure } from '../http/failure.ts'
import { createGuardedAgent } from '../guard/guarded-agent.ts'
import type { Resolve } from '../dns/names.ts'
import { createReplyLimits, type ReplyLimits } from './limit-replies.ts'

export type GuardedFetch = {
  fetch: (url: string | URL, init?: unknown) => Promise<globalThis.Response>
  /** The last failure, which the library may not report. */
  lastFailure: () => Failure | undefined
  /** Aborts all requests. */
  close: () => Promise<void>
}

/**
 * A `fetch` for libraries, behind the same guard as `createEgress`. It follows no redirect. It limits the decoded bytes
 * of all replies together and the JSON values of each reply. It also limits the number of requests, since a server can
 * make a library answer or connect again any number of times.
 */
export function createGuardedFetch({
  allow,
  resolve,
  maxBytes,
  maxValues,
  maxRequests,
  capacity,
  onTooLarge,
}: ReplyLimits & {
  allow: EgressAllow
  resolve: Resolve
  maxRequests: number
}): GuardedFetch {
  let requests = 0
  let lastFailure: Failure | undefined
  const ended = new AbortController()
  const agent = createGuardedAgent({
    allow,
    resolve,
    signal: ended.signal,
    maxBytes,
    onConnected: () => {},
  })

  function failed(failure: Failure): Failure {
    lastFailure = failure
    return failure
  }

  function tooLarge(failure: Failure): void {
    failed(failure)
    onTooLarge(failure)
  }

  const limited = createReplyLimits({ maxBytes, maxValues, capacity, onTooLarge: tooLarge })

  return {
    async fetch(input, init) {
      requests += 1
      if (requests > maxRequests) {
        const message = `the server asks for more than ${maxRequests} requests`
        const failure = new Failure('too_large', message)
        tooLarge(failure)
        throw failure
      }
      const url = URL.parse(String(input))
      const problem = url === null ? 'is no URL' : checkParsedUrl(url, allow)
      if (url === null || problem !== undefined) {
        throw failed(new Failure('refused', `the URL ${problem}`))
      }
      const options = { ...(init as RequestInit), redirect: 'manual' as const, dispatcher: agent }
      const response = await undiciFetch(url, options).catch((error: unknown) => {
        throw options.signal?.aborted === true ? error : failed(failureOf(error, url.host))
      })
      const { status } = response
      if (status >= 300 && status <= 399) {
        await response.body?.cancel()
        throw failed(new Failure('refused', 'the server redirects, which is not followed'))
      }
      // A server without a stream of its own answers 405, which is no failure.
      if (status >= 400 && status !== 405) {
        failed(new Failure(status >= 500 ? 'broken' : 'refused', `the server answered ${status}`))
      }
      return limited(response)
    },
    lastFailure: () => lastFailure,
    async close() {
      ended.abort()
      await agent.destroy()
    },
  }
}

/** The failure that the guard threw; otherwise there was no connection. */
function failureOf(error: unknown, host: string): Failure {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof Failure) return each
  }
  return new Failure('unreachable', `${host} cannot be reached`, error)
}
