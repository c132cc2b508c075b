import { fetch as undiciFetch, type RequestInit } from 'undici'
import { checkParsedUrl } from '../guard/check-url.ts'
import type { EgressAllow } from '../guard/egress-allow.ts'
import { Failure } from '../http/failure.ts'
import { createGuardedAgent } from '../guard/guarded-agent.ts'
import type { Resolve } from '../dns/names.ts'
import { createReplyLimits, type ReplyLimits } from './limit-replies.ts'

export type GuardedFetch = {
  fetch: (url: string | URL, init?: unknown) => Promise<globalThis.Response>
  /** The last failure, which the library may have hidden. */
  trouble: () => Failure | undefined
  /** Aborts all requests. */
  close: () => Promise<void>
}

/**
 * A `fetch` for libraries that want one, behind the same guard as `createEgress`: no redirect is followed, and
 * all replies together may have so many bytes, decoded, and one so many values as JSON. It makes so many requests and
 * no more: a server can have a library answer it, or connect again, as often as it likes.
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
  let trouble: Failure | undefined
  const ended = new AbortController()
  const agent = createGuardedAgent({
    allow,
    resolve,
    signal: ended.signal,
    maxBytes,
    onConnected: () => {},
  })

  function failed(failure: Failure): Failure {
    trouble = failure
    return failure
  }

  function tooLarge(failure: Failure): void {
    failed(failure)
    onTooLarge(failure)
  }

  const limited = createReplyLimits({ maxBytes, maxValues, capacity, onTooLarge: tooLarge })

  return {
    async fetch(given, init) {
      requests += 1
      if (requests > maxRequests) {
        const message = `the server asks for more than ${maxRequests} requests`
        const failure = new Failure('too_large', message)
        tooLarge(failure)
        throw failure
      }
      const url = URL.parse(String(given))
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
      // A server that has no stream of its own says so with 405.
      if (status >= 400 && status !== 405) {
        failed(new Failure(status >= 500 ? 'broken' : 'refused', `the server answered ${status}`))
      }
      return limited(response)
    },
    trouble: () => trouble,
    async close() {
      ended.abort()
      await agent.destroy()
    },
  }
}

/** The failure that the guard threw, or that there was no connection. */
function failureOf(error: unknown, host: string): Failure {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof Failure) return each
  }
  return new Failure('unreachable', `${host} cannot be reached`, error)
}
