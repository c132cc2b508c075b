import type { EgressReason } from './egress-error.ts'

/** An EgressError in the making: where it happens, nobody knows yet what was sent before. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly reason: EgressReason

  constructor(reason: EgressReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
  }
}
