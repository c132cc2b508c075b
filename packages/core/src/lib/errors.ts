/** The kinds of errors of a request. */
export type ErrorCode =
  | 'invalid'
  | 'unauthorized'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'mismatch'
  | 'task_full'
  | 'too_large'
  | 'unsupported_media_type'
  | 'expectation_failed'
  | 'wait_expired'
  | 'turn_failed'
  | 'rate_limited'
  | 'overloaded'
  | 'unavailable'
  | 'internal'

/** A wrong field of a request, by its path in the body: `message.parts[0].text`. */
export type FieldError = { path: string; message: string }

export class LonghaulError extends Error {
  override readonly name = 'LonghaulError'
  readonly code: ErrorCode
  readonly fields: FieldError[]
  /** The status, in place of that of `code`. For `turn_failed`: the status of the failure. */
  readonly status: number | undefined
  /** A more exact code for programs, in place of `code`. */
  readonly reason: string | undefined
  /** The kind of the error for programs, in place of that of `code`. */
  readonly type: string | undefined
  /** Further fields of the reply, such as the `task_id` of a call whose wait has expired. */
  readonly details: Record<string, unknown>
  /** The number of seconds after which the same request may succeed. */
  readonly retryAfterSeconds: number | undefined
  /** For `unavailable`: whether the request may have taken effect nevertheless. */
  readonly maybeDone: boolean

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown
      fields?: FieldError[]
      status?: number
      reason?: string | undefined
      type?: string
      details?: Record<string, unknown>
      retryAfterSeconds?: number | undefined
      maybeDone?: boolean
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fields = options.fields ?? []
    this.status = options.status
    this.reason = options.reason
    this.type = options.type
    this.details = options.details ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
    this.maybeDone = options.maybeDone ?? false
  }
}

/** The code that a program reads. */
export function codeOf(error: LonghaulError): string {
  return error.reason ?? error.code
}

/** The error for a wrong field. The message begins with its path, and `fields` contains the path too. */
export function invalid(path: string, message: string): LonghaulError {
  return new LonghaulError('invalid', path === '' ? message : `${path}: ${message}`, {
    fields: [{ path, message }],
  })
}

/**
 * The error for a request that exceeds limits of its key or workspace. It names these limits; the request may be
 * repeated after some seconds.
 */
export function rateLimited(
  policies: string[],
  message: string,
  retryAfterSeconds: number,
): LonghaulError {
  return new LonghaulError('rate_limited', message, {
    details: { violated_policies: policies },
    retryAfterSeconds,
  })
}
