/** What can go wrong with a request. */
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
  | 'unavailable'
  | 'internal'

/** One field of a request that is wrong, by its path in the body: `message.parts[0].text`. */
export type FieldError = { path: string; message: string }

export class LonghaulError extends Error {
  override readonly name = 'LonghaulError'
  readonly code: ErrorCode
  readonly fields: FieldError[]
  /** Of `turn_failed`: the status of the failure. */
  readonly status: number | undefined
  /** What a program reads in place of the code, where it can know more. */
  readonly reason: string | undefined
  /** Further fields of the reply: the `task_id` of a call that gave up waiting. */
  readonly details: Record<string, unknown>
  /** After how many seconds the same request may succeed. */
  readonly retryAfterSeconds: number | undefined
  /** Of `unavailable`: whether what was asked for may have been done all the same. */
  readonly maybeDone: boolean

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown
      fields?: FieldError[]
      status?: number
      reason?: string | undefined
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
    this.details = options.details ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
    this.maybeDone = options.maybeDone ?? false
  }
}

/** What a program reads of an error. */
export function codeOf(error: LonghaulError): string {
  return error.reason ?? error.code
}

/** A field is wrong: the message begins with its path, and the path stands in `fields` too. */
export function invalid(path: string, message: string): LonghaulError {
  return new LonghaulError('invalid', path === '' ? message : `${path}: ${message}`, {
    fields: [{ path, message }],
  })
}

/** A request is refused by limits of its key or workspace, which it names; it may be repeated after some seconds. */
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
