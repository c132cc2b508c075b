/** A reply. Without one, `status` is 0 and `text` has the reason. */
export type Reply = { status: number; text: string; ms: number; retryAfter: boolean }

type Options = { timeoutMs?: number; headers?: Record<string, string> }

export type Client = {
  key: string
  /** Sends a request with a JSON body, or with an unchanged text. */
  call: (method: string, path: string, body?: unknown, options?: Options) => Promise<Reply>
}

export function createClient(url: string, key: string, signal: AbortSignal): Client {
  async function call(method: string, path: string, body?: unknown, options: Options = {}) {
    const { timeoutMs = 25_000, headers } = options
    const startedAt = performance.now()
    const took = () => performance.now() - startedAt
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      const text = await response.text()
      const retryAfter = response.headers.has('retry-after')
      return { status: response.status, text, ms: took(), retryAfter }
    } catch (error) {
      const { message, cause } = error as Error
      const why = cause instanceof Error ? `${message}: ${cause.message}` : message
      return { status: 0, text: why, ms: took(), retryAfter: false }
    }
  }
  return { key, call }
}

/** The parsed JSON body of a reply. */
export function bodyOf({ text }: Reply): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}
