import { ApiError, ConnectionError } from '../errors.ts'
import { backoff, pause } from './backoff.ts'
import type { ClientOptions, RequestOptions } from './request-options.ts'

/** Sends one request, and repeats it if that is safe. Resolves with a reply of success. */
export type Send = (method: string, path: string, options: SendOptions) => Promise<Response>

export type SendOptions = Omit<RequestOptions, 'path' | 'query'> & {
  path?: Names | undefined
  query?: Query | undefined
  /** How long the server may take by the request's own wish, in milliseconds. */
  waitMs?: number
  /** Not repeated at all: the caller repeats it in its own way. */
  once?: boolean
}
type Names = object
type Query = object

/** A server that asks for a longer pause is not tried again. */
const longestPauseMs = 60_000

export function createSend(options: ClientOptions): Send {
  const { retries = 3, timeoutMs = 30_000, fetch: request = globalThis.fetch } = options
  return async (method, path, call) => {
    const url = urlOf(options.url, path, call)
    const repeatable = call.repeatable ?? ['get', 'delete'].includes(method)
    for (let attempt = 0; ; attempt += 1) {
      const tried = await attemptOnce()
      if (!(tried instanceof Error)) return tried
      const pauseMs = retryAfter(tried, { repeatable, attempt })
      const last = call.once === true || attempt >= retries
      if (last || pauseMs === undefined || pauseMs > longestPauseMs) throw tried
      await pause(pauseMs, call.signal)
    }

    async function attemptOnce(): Promise<Response | ApiError | ConnectionError> {
      const limit = new AbortController()
      const timer = setTimeout(() => limit.abort(), timeoutMs + (call.waitMs ?? 0))
      const signal = call.signal ? AbortSignal.any([call.signal, limit.signal]) : limit.signal
      try {
        const response = await request(url, initOf(method, path, { options, call, signal }))
        return response.ok ? response : await errorOf(response)
      } catch (error) {
        call.signal?.throwIfAborted()
        return connectionErrorOf(error, { url, late: limit.signal.aborted })
      } finally {
        clearTimeout(timer)
      }
    }
  }
}

type Attempt = {
  options: ClientOptions
  call: SendOptions
  signal: AbortSignal
}

function initOf(method: string, path: string, { options, call, signal }: Attempt): RequestInit {
  const { key, operatorKey, headers } = options
  const own = /^\/v2\/admin(?:\/|$)/.test(path) ? (operatorKey ?? key) : key
  return {
    method: method.toUpperCase(),
    headers: {
      accept: 'application/json',
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...(own !== undefined && { authorization: `Bearer ${own}` }),
      ...(typeof headers === 'function' ? headers() : headers),
      ...call.headers,
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    // The cookie of a session goes to the origin of the page only, and never with a key.
    credentials: own === undefined ? 'same-origin' : 'omit',
    signal,
  }
}

function urlOf(
  base: string | undefined,
  path: string,
  { path: names = {}, query = {} }: SendOptions,
) {
  const values = new Map(Object.entries(names))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values.get(name)
    if (value === undefined || value === '')
      throw new TypeError(`${path} needs a value for ${name}`)
    return encodeURIComponent(String(value))
  })
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const search = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  )
  const origin = (base ?? originOfPage() ?? '').replace(/\/+$/, '')
  if (origin === '') throw new TypeError('the client needs a url, such as http://127.0.0.1:3000')
  return `${origin}${filled}${search.size > 0 ? `?${search.toString()}` : ''}`
}

function originOfPage(): string | undefined {
  const { location } = globalThis as { location?: { origin?: string } }
  return location?.origin
}

/** The pause before a repeat; undefined if the request must not be repeated. */
function retryAfter(
  error: ApiError | ConnectionError,
  { repeatable, attempt }: { repeatable: boolean; attempt: number },
): number | undefined {
  if (error instanceof ConnectionError) return repeatable ? backoff(attempt) : undefined
  const { status, code, policies, retryAfterMs } = error
  // Nothing was accepted, so a repeat is safe. The failure of a turn has no policy, and stays as it is.
  const refused = policies.length > 0
  const away = [502, 503, 504].includes(status) && (code === 'unknown' || status === 503)
  if (!refused && !(away && repeatable)) return undefined
  return retryAfterMs ?? backoff(attempt)
}

async function errorOf(response: Response): Promise<ApiError> {
  const { status, headers } = response
  const text = await response.text()
  return new ApiError({ status, headers, body: parsed(text) })
}

function connectionErrorOf(error: unknown, { url, late }: { url: string; late: boolean }) {
  const { origin } = new URL(url)
  if (late)
    return new ConnectionError(`${origin} did not reply in time`, { cause: error, timedOut: true })
  const cause = Object(error).cause ?? error
  const why = String(Object(cause).code ?? Object(cause).message ?? cause)
  return new ConnectionError(`${origin} cannot be reached (${why})`, { cause: error })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
