import type { EgressReason } from './egress-error.ts'

/** Becomes an EgressError. Where it is thrown it is not known yet whether a request was sent before. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly reason: EgressReason

  constructor(reason: EgressReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
  }
}
