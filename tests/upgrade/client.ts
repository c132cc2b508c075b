import { keyFor } from '@longhaul/testbed/servers'

type Answer = { status: number; body: Record<string, unknown>; text: string }

/** Sends requests of one workspace to one API process. */
export type Client = {
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** The body of a successful reply. Throws at any other. */
  made(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Record<string, unknown>>
}

export function createClient(url: string, key: string): Client {
  const client: Client = {
    async send(method, path, body, headers = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${keyFor(path, key)}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
      return { status: response.status, text, body: isJson ? JSON.parse(text) : {} }
    },
    async made(...request) {
      const { status, body, text } = await client.send(...request)
      if (status >= 300) throw new Error(`${request[0]} ${request[1]}: ${status} ${text}`)
      return body
    },
  }
  return client
}
