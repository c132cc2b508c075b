import { APIError } from 'openai'

type Failure = { status: number; code: string; param: string; message: string }

/** The HTTP error with which a call of the `openai` SDK fails. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => new Error('the call went well'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof APIError)) throw error
  const { status, code, param, message } = error as APIError<number>
  return { status, code: String(code), param: String(param), message }
}
