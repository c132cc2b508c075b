import { LonghaulError, type TurnFailed } from '@longhaul/core'

/** The error of a failed turn, in the response, in the event `error` and in the body of an error. */
export type ResponseError = { code: string; message: string; type: string; param: string | null }

type Failure = Pick<TurnFailed, 'code' | 'message' | 'status'>

/**
 * The error of a failed turn. Its code is one that clients know, and the message begins with the code of Longhaul.
 * `refused`: the provider refused the request, so that a repeat would fail, too.
 */
export function errorOfFailure(failure: Failure, { refused }: { refused: boolean }): ResponseError {
  return { ...kindOf(failure, refused), message: `${failure.code}: ${failure.message}` }
}

/**
 * The same error for a stream. Some clients repeat a request whose stream fails with `server_error` or
 * `rate_limit_exceeded`. The turn has made all its retries, and a repeat would be another turn, so the code and the type
 * are ones that no client repeats.
 */
export function errorInStream(error: ResponseError): ResponseError {
  return error.type === wrong ? error : { ...error, code: 'invalid_prompt', type: wrong }
}

function kindOf({ code, status }: Failure, refused: boolean): Omit<ResponseError, 'message'> {
  switch (code) {
    case 'context_too_long':
    case 'task_full':
      return { code: 'context_length_exceeded', type: wrong, param: 'input' }
    case 'file_unavailable':
      return { code: 'invalid_prompt', type: wrong, param: 'input' }
    case 'cancelled':
      return { code: 'invalid_prompt', type: wrong, param: null }
    case 'provider_failed':
      if (refused) return { code: 'invalid_prompt', type: wrong, param: null }
      if (status === 429) {
        return { code: 'rate_limit_exceeded', type: 'rate_limit_error', param: null }
      }
      return serverError
    case 'output_too_large':
    case 'output_invalid':
    case 'deadline':
    case 'expired':
    case 'worker_crashed':
    case 'internal':
      return serverError
  }
}

const wrong = 'invalid_request_error'
const serverError = { code: 'server_error', type: 'server_error', param: null }

/**
 * A failed turn as the error of its synchronous request. 400 is the only status that all clients report and none
 * repeats: the turn has made all its retries, and a repeat would be another turn.
 */
export function failedTurn(
  { code, message, type, param }: ResponseError,
  ids: { task_id: string; response_id: string },
): LonghaulError {
  return new LonghaulError('turn_failed', message, {
    status: 400,
    reason: code,
    type,
    fields: param === null ? [] : [{ path: param, message }],
    details: ids,
  })
}
