import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A model that costs little: it answers each request after a pause, with a call of `current_date` until it has been
 * asked as often as the first message says (`steps: 10`), and then with a text of ANSWER_BYTES.
 */

type Request = { messages: { role: string; content?: unknown }[]; stream?: boolean }

const pauseMs = Number(process.env['PAUSE_MS'] ?? 0)
const sentence = 'It was delivered on Tuesday. '
const answerBytes = Number(process.env['ANSWER_BYTES'] ?? sentence.trim().length)
const answer = sentence.repeat(Math.ceil(answerBytes / sentence.length)).slice(0, answerBytes)
const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 }
const server = createServer((request, response) => void serve(request, response))
server.listen(0, '127.0.0.1', 511)
process.on('disconnect', () => process.exit())
await once(server, 'listening')
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`)

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  const { messages, stream } = JSON.parse(Buffer.concat(pieces).toString()) as Request
  const asked = messages.filter(({ role }) => role === 'assistant').length
  const said = JSON.stringify(messages.find(({ role }) => role === 'user'))
  const steps = Number(/steps: (\d+)/.exec(said)?.[1] ?? 1)
  const message = asked + 1 < steps ? callOf(asked) : { content: answer }
  const reason = 'content' in message ? 'stop' : 'tool_calls'
  const reply = () => (stream === true ? streamed : whole)(response, message, reason)
  if (pauseMs === 0) reply()
  else setTimeout(reply, pauseMs)
}

type Message = { content: string } | { tool_calls: object[] }

function callOf(step: number): Message {
  const call = { name: 'current_date', arguments: '{}' }
  return { tool_calls: [{ index: 0, id: `call_${step}`, type: 'function', function: call }] }
}

function whole(response: ServerResponse, message: Message, reason: string): void {
  const choice = { index: 0, message: { role: 'assistant', ...message }, finish_reason: reason }
  const body = JSON.stringify({ id: 'c', object: 'chat.completion', choices: [choice], usage })
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

function streamed(response: ServerResponse, message: Message, reason: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.end(
    chunk([{ index: 0, delta: { role: 'assistant', ...message }, finish_reason: null }]) +
      chunk([{ index: 0, delta: {}, finish_reason: reason }]) +
      chunk([], { usage }) +
      'data: [DONE]\n\n',
  )
}

function chunk(choices: object[], more: object = {}): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices, ...more })}\n\n`
}
