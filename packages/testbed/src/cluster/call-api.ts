export const testKey = 'lh_0123456789abcdef_for-tests-only'
/** The key of a second workspace, the stranger in tests. */
export const strangersKey = 'lh_fedcba9876543210_for-tests-too'
/** Both keys, in the form of `LONGHAUL_API_KEYS`. */
export const apiKeys = `test:${testKey},strangers:${strangersKey}`
export const testOperatorKey = 'an-operator-key-for-tests-only'

export type Call = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: Record<string, unknown> }>

/** The key that a path of the API needs. */
export function keyFor(path: string, key = testKey): string {
  return /^\/v2\/admin(?:[/?]|$)/.test(path) ? testOperatorKey : key
}

/** Sends requests with a key and a JSON body. The `body` of an answer is parsed if it is JSON. */
export function callWith(url: string, key: string): Call {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${keyFor(path, key)}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
}
