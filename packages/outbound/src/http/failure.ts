import type { EgressReason } from './egress-error.ts'

/** Becomes an EgressError. The code that throws it does not know whether an earlier request was sent. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly reason: EgressReason

  constructor(reason: EgressReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
  }
}
