import { cutText, type FieldError } from '@longhaul/core'

type Problem = {
  status: number
  type: string
  code: string
  message: string
  requestId: string
  fields?: FieldError[]
}

/** How much of a caller's own words an error repeats, in characters: a key of an object may have millions. */
const longest = 2_000

/** The one body of every error: the orq SDKs read `code` (a string) and `message`, the OpenAI ones read `error`. */
export function errorBody({ status, type, code, requestId, ...said }: Problem) {
  const message = shortened(said.message)
  const fields = (said.fields ?? []).map((field) => ({
    path: shortened(field.path),
    message: shortened(field.message),
  }))
  return {
    code: String(status),
    message,
    request_id: requestId,
    errors: fields,
    error: { message, type, code, param: fields[0]?.path ?? null },
  }
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${cutText(text, longest)}…`
}
