import { isUnavailable, namesTurn, withAdvice } from '../lib/when-unavailable.ts'

/** The error of a whole submit. When the store does not answer and no error names a turn, no turn was accepted. */
export function orNothingAccepted(error: unknown): unknown {
  if (!isUnavailable(error) || namesTurn(error)) return error
  return withAdvice(error, 'Nothing was accepted by this request: send it again.')
}
