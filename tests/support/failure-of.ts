import { OrqError } from '@orq-ai/node/models/errors/orqerror.js'

/** The HTTP error with which a call of the SDK fails. */
export async function failureOf(call: Promise<unknown>): Promise<OrqError> {
  const error = await call.then(
    () => new Error('the call went well'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof OrqError) return error
  throw error
}
