export type ClientOptions = {
  /** The address of the API, such as `http://127.0.0.1:3000`. In a browser, the origin of the page by default. */
  url?: string
  /** An API key, or the operator key. Without one, a browser sends the cookies of its page. */
  key?: string
  /** The operator key, for calls under `/v2/admin`. By default they are made with `key`. */
  operatorKey?: string
  /** Headers of every request. */
  headers?: Record<string, string> | (() => Record<string, string>)
  /** How often a request is repeated. Default: 3. */
  retries?: number
  /** How long a reply may take, in milliseconds, besides the time for which the request asks the server to wait. Default: 30 s. */
  timeoutMs?: number
  /** How long a stream or a wait tries to reach a server that is away, in milliseconds. Default: 5 minutes. */
  patienceMs?: number
  fetch?: typeof fetch
}

/** The options of every call. */
export type CallOptions = {
  signal?: AbortSignal | undefined
  /** Headers of this request. */
  headers?: Record<string, string>
}

export type RequestOptions<Names = object, Query = object, Body = unknown> = CallOptions & {
  /** The values of the names in the path. */
  path?: Names
  query?: Query
  body?: Body
  /** Whether a repeat of the request has no further effect. By default only reads and deletions are repeated. */
  repeatable?: boolean
}
