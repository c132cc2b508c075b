import { isUnavailable, namesTurn, withAdvice } from '../lib/when-unavailable.ts'

/** For all that a submit does. Where the store does not answer and no error names a turn, there is none. */
export async function orNothingAccepted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnavailable(error) || namesTurn(error)) throw error
    throw withAdvice(error, 'Nothing was accepted by this request: send it again.')
  }
}
