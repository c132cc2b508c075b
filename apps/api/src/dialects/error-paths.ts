import { LonghaulError } from '@longhaul/core'

/** The path in a body of a dialect of a field that the verbs name. */
export type ErrorPaths = (field: string) => string

/** Runs a verb. An error of it names its fields as the bodies of the dialect do. */
export async function inWordsOf<T>(errorPaths: ErrorPaths, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw error instanceof LonghaulError ? withErrorPaths(error, errorPaths) : error
  }
}

function withErrorPaths(error: LonghaulError, errorPaths: ErrorPaths): LonghaulError {
  const fields = error.fields.map(({ path, message }) => ({ path: errorPaths(path), message }))
  const [first] = error.fields
  const [renamed] = fields
  if (first === undefined || renamed === undefined) return error
  if (fields.every(({ path }, at) => path === error.fields[at]?.path)) return error
  // The message begins with the path of the first field.
  const begins = first.path !== '' && error.message.startsWith(first.path)
  const message = begins ? renamed.path + error.message.slice(first.path.length) : error.message
  const { status, ...rest } = error
  return new LonghaulError(error.code, message, {
    ...rest,
    ...(status !== undefined && { status }),
    fields,
    cause: error,
  })
}
