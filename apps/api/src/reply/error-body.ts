import { cutText, type FieldError } from '@longhaul/core'

type Problem = {
  status: number
  type: string
  code: string
  message: string
  requestId: string
  fields?: FieldError[]
}

/** The maximum number of characters of a caller's text that an error repeats: a key of an object may have millions. */
const maxChars = 2_000

/** The body of every error. The orq SDKs read `code` (a string) and `message`. The OpenAI SDKs read `error`. */
export function errorBody({ status, type, code, requestId, ...texts }: Problem) {
  const message = shortened(texts.message)
  const fields = (texts.fields ?? []).map((field) => ({
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
  return text.length <= maxChars ? text : `${cutText(text, maxChars)}…`
}
