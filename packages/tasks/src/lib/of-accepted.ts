import { responseId, type TurnRef } from '@longhaul/core'
import { isUnavailable, namesTurn, withAdvice } from './when-unavailable.ts'

/** Wraps reads after a turn was accepted. When the store does not answer, the error names the turn. */
export async function ofAccepted<T>({ taskId, turn }: TurnRef, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isUnavailable(error) || namesTurn(error)) throw error
    const why = `The turn was accepted and goes on: read it with GET, as task ${taskId}.`
    throw withAdvice(error, why, { taskId, responseId: responseId(taskId, turn) })
  }
}
