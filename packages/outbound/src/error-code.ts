/** The code of an error of Node or undici, such as `ECONNREFUSED`; empty when it has none. */
export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
