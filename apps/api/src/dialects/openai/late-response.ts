import type { AcceptedTurn } from '@longhaul/tasks'
import type { LateContext } from '../dialect.ts'
import type { ResponseError } from './failed-turn.ts'
import type { ResponseBody } from './projection/response-body.ts'
import { responseOf } from './projection/response-projection.ts'

/** The response of a turn that was accepted; undefined if the signal was aborted first. */
export async function acceptedResponse(
  turn: AcceptedTurn,
  { tasks, signal }: Pick<LateContext, 'tasks' | 'signal'>,
): Promise<ResponseBody | undefined> {
  const facts = await tasks.waitForFacts(turn, signal)
  return facts && (await responseOf(turn.taskId, facts))
}

/**
 * The response of a turn as the body of a reply with status 200. A turn without an answer is a response with the status
 * `failed`, also one that was cancelled or has not ended: clients take any other status for an empty answer, and some
 * send the request again.
 */
export async function lateResponse(
  turn: AcceptedTurn,
  { ended, ...context }: LateContext,
): Promise<ResponseBody | undefined> {
  const response = await acceptedResponse(turn, context)
  if (response === undefined) return undefined
  const error = ended ? response.error : goesOn(response)
  return error === null ? response : { ...response, status: 'failed', error }
}

function goesOn({ id }: ResponseBody): ResponseError {
  return {
    code: 'server_error',
    type: 'server_error',
    message: `wait_expired: the server shuts down. The response goes on: read it with GET, as ${id}.`,
    param: null,
  }
}
