import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that a receiver got. */
export type Received = {
  path: string
  headers: IncomingHttpHeaders
  body: string
  event: { id: string; type: string; data: Record<string, unknown> }
}

/** A receiver of events. It answers 200, unless `answer` does something else. */
export async function startReceiver(
  answer: (received: Received, response: ServerResponse) => void = (_, response) => {
    response.end()
  },
) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded'
      const json = isForm ? (new URLSearchParams(body).get('payload') ?? '') : body
      const event = JSON.parse(json) as Received['event']
      const one = { path: request.url ?? '', headers: request.headers, body, event }
      received.push(one)
      answer(one, response)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    /** The requests about a task, of these types. */
    about: (taskId: string, ...types: string[]) =>
      received.filter(
        ({ event }) =>
          event.data['task_id'] === taskId && (types.length === 0 || types.includes(event.type)),
      ),
    close() {
      server.closeAllConnections()
      return new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
