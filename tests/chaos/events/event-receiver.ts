import { startFlakyProxy } from '@longhaul/testbed/servers'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AtEnd } from '../cluster/at-end.ts'

/** A request that the receiver of events got. */
export type ReceivedEvent = {
  at: number
  /** The workspace of the endpoint, by its path. */
  workspace: string
  /** The `webhook-id` of the request, and the id in its body. */
  id: string
  bodyId: string
  type: string
  taskId: string
  responseId: string
  pos: number
  /** Whether the receiver has answered 200. */
  isTaken: boolean
}

export type EventAnswer = 'takes' | 'refuses' | 'is busy' | 'resets' | 'hangs'

/** How many of the events are first answered in these ways. Few hang: each does so for the whole time-out. */
const shares: [EventAnswer, number][] = [
  ['refuses', 0.1],
  ['is busy', 0.05],
  ['resets', 0.07],
  ['hangs', 0.01],
]

/** The receiver of the events of all workspaces, behind a proxy. It takes each event at its second attempt at the latest. */
export async function startEventReceiver(atEnd: AtEnd) {
  const received: ReceivedEvent[] = []
  const known = new Set<string>()
  let decide = answerOf
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const id = String(request.headers['webhook-id'])
      const answer = known.has(id) ? 'takes' : decide(id)
      known.add(id)
      const event = { ...read(Buffer.concat(chunks).toString()), id }
      const workspace = String(request.url).slice(1)
      received.push({ at: Date.now(), workspace, ...event, isTaken: answer === 'takes' })
      send(answer, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const proxy = await startFlakyProxy(`http://127.0.0.1:${port}`)
  atEnd(() => proxy.close())
  return {
    url: proxy.url,
    proxy,
    received: received as readonly ReceivedEvent[],

    /** Answers the first attempt of each event in this way. */
    decide(next: (id: string) => EventAnswer) {
      decide = next
    },
  }
}

function answerOf(id: string): EventAnswer {
  let rest = Number.parseInt(hash('sha256', id).slice(0, 8), 16) / 2 ** 32
  for (const [answer, share] of shares) {
    if (rest < share) return answer
    rest -= share
  }
  return 'takes'
}

function send(answer: EventAnswer, response: ServerResponse): void {
  switch (answer) {
    case 'takes':
      response.end()
      break
    case 'refuses':
      response.writeHead(503).end('by script')
      break
    case 'is busy':
      response.writeHead(429, { 'retry-after': '1' }).end()
      break
    case 'resets':
      response.destroy()
      break
    case 'hangs':
  }
}

function read(body: string) {
  const event = JSON.parse(body) as {
    id: string
    type: string
    data: { id: string; task_id: string; pos: number }
  }
  const { id: responseId, task_id: taskId, pos } = event.data
  return { bodyId: event.id, type: event.type, responseId, taskId, pos }
}
