/** A field that a request has wrong. */
export type FieldError = { path: string; message: string }

type Reply = { status: number; headers: Headers; body: unknown }

/**
 * The server refused the request. `code` is that of the error reference, such as `not_found`, `rate_limited` or
 * `unavailable`; `unknown` if the reply is not of Longhaul, for example of a proxy.
 */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly requestId: string | undefined
  /** The wrong fields of the request. */
  readonly fields: FieldError[]
  /** The limits that refused the request. */
  readonly policies: string[]
  /** The task that the request may have started. */
  readonly taskId: string | undefined
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor({ status, headers, body }: Reply) {
    const { message, error, errors, violated_policies, request_id, task_id } = Object(body)
    super(textOf(message) ?? `The server replied ${status}`)
    this.status = status
    this.code = textOf(Object(error).code) ?? 'unknown'
    this.requestId = textOf(request_id) ?? headers.get('x-request-id') ?? undefined
    this.fields = Array.isArray(errors) ? (errors as FieldError[]) : []
    this.policies = Array.isArray(violated_policies) ? violated_policies.map(String) : []
    this.taskId = textOf(task_id)
    this.retryAfterMs = retryAfterOf(headers)
  }
}

/** There was no reply. The server may have received the request. */
export class ConnectionError extends Error {
  override name = 'ConnectionError'
  /** Whether the server had too long to reply. */
  readonly timedOut: boolean

  constructor(
    message: string,
    { cause, timedOut = false }: { cause?: unknown; timedOut?: boolean } = {},
  ) {
    super(message, { cause })
    this.timedOut = timedOut
  }
}

/** A stream contains something that is no event. */
export class StreamError extends Error {
  override name = 'StreamError'
}

/** The turn of a task had not ended when the time to wait was over. The turn continues. */
export class WaitError extends Error {
  override name = 'WaitError'
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function retryAfterOf(headers: Headers): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return exact
  const header = headers.get('retry-after')
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
