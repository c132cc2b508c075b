import { isUnavailable, namesTurn, withAdvice } from '../lib/when-unavailable.ts'

/** Wraps a whole submit. When the store does not answer and no error names a turn, no turn was accepted. */
export async function orNothingAccepted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnavailable(error) || namesTurn(error)) throw error
    throw withAdvice(error, 'Nothing was accepted by this request: send it again.')
  }
}
