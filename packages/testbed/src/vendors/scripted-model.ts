import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer, sendJson } from './scripted-answer.ts'
import { anthropicWire } from './scripted-anthropic.ts'
import { googleWire } from './scripted-google.ts'
import { openaiWire } from './scripted-openai.ts'
import type { ScriptedReply } from './scripted-reply.ts'
import type { Wire } from './scripted-wire.ts'

export type { Fault, ScriptedCall, ScriptedPart, ScriptedReply } from './scripted-reply.ts'

export type RecordedRequest = {
  /** The path with its query. */
  path: string
  idempotencyKey: string | undefined
  headers: IncomingHttpHeaders
  body: ChatRequest
  /** Epoch milliseconds. */
  at: number
  /** When it ended, epoch milliseconds. */
  endedAt?: number
  /** `broken`: the script's own fault ended it; `closed`: the client did. */
  status: 'open' | 'answered' | 'broken' | 'closed'
  closedEarly: boolean
}

/** A request body of chat completions. Other wires have other fields. */
export type ChatRequest = {
  model?: string
  messages?: ChatMessage[]
  stream?: boolean
  stream_options?: { include_usage?: boolean }
} & Record<string, unknown>

type ChatMessage = { role: string; content?: unknown } & Record<string, unknown>

export type Decide = (request: RecordedRequest) => ScriptedReply | undefined

export type ScriptedModel = {
  /** The base URL of the wires of OpenAI and Anthropic, with `/v1`. */
  url: string
  /** The base URL of Google's wire, with `/v1beta`. */
  googleUrl: string
  requests: RecordedRequest[]
  /** Queues replies, or sets the function that decides when the queue is empty. */
  reply(script: ScriptedReply | ScriptedReply[] | Decide): void
  /** Deletes its requests, its queue and its function. */
  reset(): void
  close(): Promise<void>
}

const wires: Wire[] = [openaiWire, anthropicWire, googleWire]

/**
 * A server that speaks OpenAI's chat completions, Anthropic's messages and Google's Gemini API, and
 * answers by script. A request gets the next queued reply, else the reply of `decide`, else the reply that its
 * own conversation contains: if the last user message is `{"script":[…]}`, the entry whose index is the number of
 * assistant messages after it. An entry that is a list has the replies to the first,
 * second … request of one step, as its `Idempotency-Key` names it. Any other conversation is answered `You said: …`.
 * A request with a lone surrogate is answered 400, as is one of chat completions whose calls and results are
 * not in pairs.
 */
export async function startScriptedModel(
  options: { port?: number; decide?: Decide; keep?: number } = {},
): Promise<ScriptedModel> {
  const requests: RecordedRequest[] = []
  const queue: ScriptedReply[] = []
  const keep = options.keep ?? 10_000
  let decide = options.decide

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    const route = `${request.method} ${path}`
    if (route === 'GET /requests') return sendJson(response, { status: 200, body: requests })
    if (route === 'GET /v1/models') {
      const data = [{ id: 'scripted', object: 'model' }]
      return sendJson(response, { status: 200, body: { object: 'list', data } })
    }
    const wire = wires.find((each) => each.serves(path.replace(/\?.*/, '')))
    if (wire === undefined || request.method !== 'POST') {
      const body = { error: { message: `nothing at ${route}` } }
      return sendJson(response, { status: 404, body })
    }
    const recorded = await record(request)
    requests.push(recorded)
    if (requests.length > keep) requests.shift()
    response.on('close', () => {
      if (recorded.status !== 'open') return
      recorded.status = 'closed'
      recorded.endedAt = Date.now()
      recorded.closedEarly = true
    })
    const { body } = recorded
    const problem = problemOf(body, wire)
    if (problem !== undefined) {
      recorded.status = 'answered'
      const error = { type: 'invalid_request_error', message: problem }
      return sendJson(response, { status: 400, body: { error } })
    }
    const reply =
      queue.shift() ?? decide?.(recorded) ?? fromConversation(recorded, { wire, requests })
    const ended = await answer(reply, { wire, body, response })
    if (recorded.status !== 'open' || ended === 'open') return
    recorded.status = ended
    recorded.endedAt = Date.now()
  }

  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    googleUrl: `http://127.0.0.1:${port}/v1beta`,
    requests,
    reply(script) {
      if (typeof script === 'function') decide = script
      else queue.push(...[script].flat())
    },
    reset() {
      requests.length = 0
      queue.length = 0
      decide = options.decide
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function problemOf(body: ChatRequest, wire: Wire): string | undefined {
  return hasLoneSurrogate(body) ? 'the body has a lone surrogate' : wire.problem?.(body)
}

/** Whether a body has a lone surrogate, which strict vendors refuse. */
function hasLoneSurrogate(body: ChatRequest): boolean {
  // `JSON.stringify` escapes these, and no other character above the first 32.
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(body))
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const received: Buffer[] = []
  for await (const piece of request) received.push(piece as Buffer)
  return {
    path: request.url ?? '/',
    idempotencyKey: request.headers['idempotency-key'] as string | undefined,
    headers: request.headers,
    body: JSON.parse(Buffer.concat(received).toString()) as ChatRequest,
    at: Date.now(),
    status: 'open',
    closedEarly: false,
  }
}

function fromConversation(
  recorded: RecordedRequest,
  { wire, requests }: { wire: Wire; requests: RecordedRequest[] },
): ScriptedReply {
  const messages = wire.conversation(recorded.body)
  // The files of results may be in a user message after them.
  const lastUser = messages.findLastIndex(
    ({ role, text }) => role === 'user' && !text.startsWith('Files of the result of '),
  )
  const text = messages[lastUser]?.text ?? ''
  const script = scriptIn(text)
  if (script === undefined) return { text: `You said: ${text}` }

  const answered = messages.slice(lastUser).filter(({ role }) => role === 'assistant').length
  const entry = script[answered]
  if (entry === undefined) return { text: 'The script is over.' }
  if (!Array.isArray(entry)) return entry
  const sent = requests.filter((request) => stepOf(request) === stepOf(recorded))
  return entry[Math.min(sent.length, entry.length) - 1] ?? {}
}

/** The common part of the keys of one step's tries: the key of a fallback model or a shorter request has a suffix. */
function stepOf({ idempotencyKey }: RecordedRequest): string | undefined {
  return idempotencyKey?.split('.').slice(0, 2).join('.')
}

function scriptIn(text: string): (ScriptedReply | ScriptedReply[])[] | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const { script } = JSON.parse(text) as { script?: unknown }
    return Array.isArray(script) ? (script as (ScriptedReply | ScriptedReply[])[]) : undefined
  } catch {
    return undefined
  }
}
