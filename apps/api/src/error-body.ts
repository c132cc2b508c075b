import type { FieldError } from '@longhaul/core'

type Problem = {
  status: number
  type: string
  code: string
  message: string
  requestId: string
  fields?: FieldError[]
}

/** The one body of every error: the orq SDKs read `code` (a string) and `message`, the OpenAI ones read `error`. */
export function errorBody({ status, type, code, message, requestId, fields = [] }: Problem) {
  return {
    code: String(status),
    message,
    request_id: requestId,
    errors: fields,
    error: { message, type, code, param: fields[0]?.path ?? null },
  }
}
