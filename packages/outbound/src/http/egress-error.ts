export type EgressReason =
  /** Refused by the guard, or since the request is invalid. */
  | 'refused'
  /** No address, no connection, or no trusted certificate. */
  | 'unreachable'
  | 'timeout'
  /** Aborted by the caller's signal. */
  | 'aborted'
  | 'too_large'
  | 'too_many_redirects'
  /** The reply is incomplete or cannot be read. */
  | 'broken'

/** The error of a call without a reply. The message may be shown to a model or a caller; the cause is only for logs. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly reason: EgressReason
  /** Whether the request may have reached a server, including one that has redirected it. */
  readonly sent: boolean

  constructor(
    reason: EgressReason,
    message: string,
    { sent, cause }: { sent: boolean; cause?: unknown },
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
    this.sent = sent
  }
}
