export type EgressReason =
  /** By the guard, or because the request cannot be sent as it is. */
  | 'refused'
  /** No address, no connection, or no certificate to trust. */
  | 'unreachable'
  | 'timeout'
  /** By the caller's signal. */
  | 'aborted'
  | 'too_large'
  | 'too_many_redirects'
  /** What came back is no complete, readable reply. */
  | 'broken'

/** Why a call brought no reply. The message is fit for a model or an API's caller; the cause is for logs alone. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly reason: EgressReason
  /** Whether the request may have reached a server, be it only the one that redirected it. */
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
