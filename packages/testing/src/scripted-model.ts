import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One answer of the scripted model. Everything is optional: `{}` is an empty answer. */
export type ScriptedReply = {
  /** Milliseconds before the headers. */
  delay?: number
  /** Milliseconds between two chunks. */
  chunkDelay?: number
  /** A string goes out word by word, a list chunk by chunk. */
  reasoning?: string | string[]
  text?: string | string[]
  calls?: ScriptedCall[]
  /** `stop`, or `tool_calls` when there are calls. */
  finish?: string
  /** Counted in words when absent, left out when null. */
  usage?: ScriptedUsage | null
  /** An answer of this status instead of a stream, with `headers` and `body`. */
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** What goes wrong, after the chunks above have gone out. */
  fault?: Fault
  /** Text of that many characters, in chunks of 16 KB. */
  huge?: number
}

/** `arguments` goes out as JSON, or as it is when it is a string, in so many `fragments`. */
export type ScriptedCall = {
  id?: string | null
  name: string
  arguments?: unknown
  fragments?: number
}

export type ScriptedUsage = {
  input: number
  output: number
  cached?: number
  reasoning?: number
}

/**
 * `hang` never sends headers; `stall` sends the chunks and then nothing; `reset` kills the socket;
 * `cut` ends without a finish reason; `garbage` is a page of HTML with status 200; `error_frame`
 * sends `body` as an error in the stream; `bad_json` a broken chunk; `empty_choices` no choice at all.
 */
export type Fault =
  | 'hang'
  | 'stall'
  | 'reset'
  | 'cut'
  | 'garbage'
  | 'error_frame'
  | 'bad_json'
  | 'empty_choices'

export type RecordedRequest = {
  idempotencyKey: string | undefined
  headers: IncomingHttpHeaders
  body: ChatRequest
  /** Epoch milliseconds. */
  at: number
  /** `broken`: the script's own fault ended it; `closed`: the client did. */
  status: 'open' | 'answered' | 'broken' | 'closed'
  closedEarly: boolean
}

export type ChatRequest = {
  model?: string
  messages?: ChatMessage[]
  stream?: boolean
  stream_options?: { include_usage?: boolean }
} & Record<string, unknown>

type ChatMessage = { role: string; content?: unknown } & Record<string, unknown>

export type Decide = (request: RecordedRequest) => ScriptedReply | undefined

export type ScriptedModel = {
  /** The base URL, with `/v1`. */
  url: string
  requests: RecordedRequest[]
  /** Queues replies, or sets the function that is asked when the queue is empty. */
  reply(script: ScriptedReply | ScriptedReply[] | Decide): void
  close(): Promise<void>
}

/**
 * A server that speaks OpenAI's chat completions and answers as it is told. A request gets the
 * next queued reply; else what `decide` says; else what its own conversation asks for: when the
 * last user message is `{"script":[…]}`, the entry for as many assistant messages as have
 * followed it. An entry that is a list holds the replies to the first, second … request of one
 * `Idempotency-Key`. Any other conversation is answered `You said: …`.
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
    const route = `${request.method} ${request.url}`
    if (route === 'GET /requests') return sendJson(response, 200, requests)
    if (route === 'GET /v1/models') {
      return sendJson(response, 200, {
        object: 'list',
        data: [{ id: 'scripted', object: 'model' }],
      })
    }
    if (route !== 'POST /v1/chat/completions') {
      return sendJson(response, 404, { error: { message: `nothing at ${route}` } })
    }
    const recorded = await record(request)
    requests.push(recorded)
    if (requests.length > keep) requests.shift()
    response.on('close', () => {
      if (recorded.status !== 'open') return
      recorded.status = 'closed'
      recorded.closedEarly = true
    })
    const reply = queue.shift() ?? decide?.(recorded) ?? fromConversation(recorded, requests)
    await answer(reply, recorded, response)
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    reply(script) {
      if (typeof script === 'function') decide = script
      else queue.push(...[script].flat())
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const received: Buffer[] = []
  for await (const piece of request) received.push(piece as Buffer)
  return {
    idempotencyKey: request.headers['idempotency-key'] as string | undefined,
    headers: request.headers,
    body: JSON.parse(Buffer.concat(received).toString()) as ChatRequest,
    at: Date.now(),
    status: 'open',
    closedEarly: false,
  }
}

function fromConversation(recorded: RecordedRequest, requests: RecordedRequest[]): ScriptedReply {
  const messages = recorded.body.messages ?? []
  const lastUser = messages.findLastIndex((message) => message.role === 'user')
  const said = textOf(messages[lastUser]?.content)
  const script = scriptIn(said)
  if (script === undefined) return { text: `You said: ${said}` }

  const answered = messages.slice(lastUser).filter(({ role }) => role === 'assistant').length
  const entry = script[answered]
  if (entry === undefined) return { text: 'The script is over.' }
  if (!Array.isArray(entry)) return entry
  const sent = requests.filter(({ idempotencyKey }) => idempotencyKey === recorded.idempotencyKey)
  return entry[Math.min(sent.length, entry.length) - 1] ?? {}
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { text?: string }) => part.text ?? '').join('')
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

async function answer(
  reply: ScriptedReply,
  recorded: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  if (reply.delay !== undefined) await sleep(reply.delay)
  if (reply.fault === 'hang') return
  if (reply.status !== undefined) {
    recorded.status = 'answered'
    return sendJson(response, reply.status, reply.body ?? '', reply.headers)
  }
  if (reply.fault === 'garbage') {
    recorded.status = 'answered'
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<html><body>It works!</body></html>')
    return
  }

  let begun = false
  for (const chunk of chunksOf(reply)) {
    if (response.destroyed) return
    if (begun && reply.chunkDelay !== undefined) await sleep(reply.chunkDelay)
    if (!begun) begin(response)
    begun = true
    await send(response, frame({ choices: [{ index: 0, delta: chunk, finish_reason: null }] }))
  }
  if (!begun && reply.fault !== 'reset') begin(response)
  if (reply.fault === 'stall') return
  if (reply.fault !== undefined) {
    recorded.status = 'broken'
    return fail(reply.fault, reply.body, response)
  }
  await end(reply, recorded, response)
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
}

function* chunksOf(reply: ScriptedReply): Generator<Record<string, unknown>> {
  for (const text of pieces(reply.reasoning)) yield { reasoning_content: text }
  for (const text of pieces(reply.text)) yield { content: text }
  for (let left = reply.huge ?? 0; left > 0; left -= 16_384) {
    yield { content: 'x'.repeat(Math.min(left, 16_384)) }
  }
  for (const [index, call] of (reply.calls ?? []).entries()) {
    const id = call.id === undefined ? `call_${index}` : call.id
    const text =
      typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {})
    const [first, ...rest] = fragmentsOf(text, call.fragments ?? 1)
    const head = { index, type: 'function', function: { name: call.name, arguments: first ?? '' } }
    yield { tool_calls: [id === null ? head : { ...head, id }] }
    for (const more of rest) yield { tool_calls: [{ index, function: { arguments: more } }] }
  }
}

function pieces(text: string | string[] | undefined): string[] {
  return typeof text === 'string' ? (text.match(/\s*\S+\s*/g) ?? []) : (text ?? [])
}

function fragmentsOf(text: string, count: number): string[] {
  const size = Math.max(1, Math.ceil(text.length / count))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size),
  )
}

function frame(body: Record<string, unknown>): string {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'scripted' }
  return `data: ${JSON.stringify({ ...head, ...body })}\n\n`
}

async function send(response: ServerResponse, text: string): Promise<void> {
  if (response.write(text) || response.destroyed) return
  await new Promise<void>((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

function fail(fault: Fault, body: unknown, response: ServerResponse): void {
  switch (fault) {
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'error_frame':
      response.end(`data: ${JSON.stringify(body ?? { error: { message: 'it broke' } })}\n\n`)
      return
    case 'bad_json':
      response.end('data: {"choices":[{"delta":\n\ndata: [DONE]\n\n')
      return
    case 'empty_choices':
      response.end(`${frame({ choices: [] })}data: [DONE]\n\n`)
      return
    case 'cut':
    case 'hang':
    case 'stall':
    case 'garbage':
      response.end()
  }
}

async function end(
  reply: ScriptedReply,
  recorded: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const finish = reply.finish ?? (reply.calls === undefined ? 'stop' : 'tool_calls')
  await send(response, frame({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }))
  if (reply.usage !== null && recorded.body.stream_options?.include_usage === true) {
    await send(response, frame({ choices: [], usage: usageOf(reply, recorded) }))
  }
  if (recorded.status === 'open') recorded.status = 'answered'
  response.end('data: [DONE]\n\n')
}

function usageOf(reply: ScriptedReply, recorded: RecordedRequest): Record<string, unknown> {
  const { input, output, cached, reasoning } = reply.usage ?? {
    input: words((recorded.body.messages ?? []).map(({ content }) => textOf(content)).join(' ')),
    output: pieces(reply.reasoning).length + pieces(reply.text).length,
  }
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  }
}

function words(text: string): number {
  return text.match(/\S+/g)?.length ?? 0
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
