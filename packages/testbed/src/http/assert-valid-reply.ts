import { expect } from 'vitest'
import type { Reply } from './raw-http.ts'

/** Details that no reply may contain: files, libraries, errors of other services. */
const leaks =
  /node_modules|ReplyError|WRONGTYPE|NOSCRIPT|ZodError|SyntaxError|TypeError|RangeError|URIError|express(?!ion)|ioredis|bullmq|llhttp|HPE_|Unexpected (token|end)|\bat (Object|async|Function|new)\b|file:\/\/|\/(srv|home|tmp|work|apps|packages)\/|\.ts:\d|\{lh:/i

/** Checks what holds for every reply: no 5xx, the one error body on a 4xx, no internal details. */
export function assertValidReply(reply: Reply, about: string): void {
  try {
    check(reply)
  } catch (cause) {
    throw new Error(`${about}: answered with ${reply.status} ${reply.text.slice(0, 500)}`, {
      cause,
    })
  }
}

function check({ status, headers, text }: Reply): void {
  expect(status).toBeLessThan(500)
  expect(headers.get('x-powered-by')).toBeUndefined()
  expect(headers.get('server')).toBeUndefined()
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-request-id')).toMatch(/^[\w.-]{1,128}$/)
  expect(text).not.toMatch(leaks)
  if (status < 400 || text === '') return
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  const body = JSON.parse(text) as Record<string, unknown>
  const { message } = body
  const error = { message, type: expect.any(String), code: expect.any(String) }
  expect(body).toEqual({
    code: String(status),
    message: expect.any(String),
    request_id: headers.get('x-request-id'),
    errors: expect.any(Array),
    error: typeof body['error'] === 'string' ? message : { ...error, param: paramOf(body) },
  })
  for (const field of body['errors'] as unknown[]) {
    expect(field).toEqual({ path: expect.any(String), message: expect.any(String) })
  }
}

function paramOf({ errors }: Record<string, unknown>): string | null {
  const [first] = errors as { path: string }[]
  return first?.path ?? null
}
