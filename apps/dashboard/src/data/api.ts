import { ApiError, createClient } from '@longhaul/client'

/** The client of the API. The browser sends the cookie of its session. */
export const client = createClient()

/** A call of the routes that only the dashboard has. */
export async function callSession<T>(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<T> {
  const response = await fetch('/dashboard/session', {
    method,
    ...(body && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const text = await response.text()
  const parsed: unknown = text === '' ? undefined : JSON.parse(text)
  if (response.ok) return parsed as T
  throw new ApiError({ status: response.status, headers: response.headers, body: parsed })
}

export type Session = {
  type: 'key' | 'operator'
  workspace?: string
  key_id?: string
  scopes: string[]
  expires_at: string
}

/** The message of a failed request, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}
