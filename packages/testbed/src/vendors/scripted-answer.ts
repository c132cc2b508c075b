import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { blocksOf, hugeText, piecesOf } from './scripted-reply.ts'
import type { Fault, ScriptedReply, ScriptedUsage } from './scripted-reply.ts'
import type { RequestBody, Wire } from './scripted-wire.ts'

/** Sends one scripted reply. Resolves with how it ended: `open` when the script leaves it open. */
export async function answer(
  reply: ScriptedReply,
  { wire, body, response }: { wire: Wire; body: RequestBody; response: ServerResponse },
): Promise<'open' | 'answered' | 'broken'> {
  if (reply.delay !== undefined) await sleep(reply.delay)
  if (reply.fault === 'hang') return 'open'
  if (reply.huge !== undefined && (reply.hugeAs === 'line' || reply.hugeAs === 'error')) {
    return await flood(response, reply.huge, reply.hugeAs)
  }
  if (reply.status !== undefined) {
    sendJson(response, { status: reply.status, body: reply.body ?? '', headers: reply.headers })
    return 'answered'
  }
  if (reply.fault === 'garbage') {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<html><body>It works!</body></html>')
    return 'answered'
  }

  const usage = usageOf(reply, wire.conversation(body))
  let begun = false
  function begin(): void {
    begun = true
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }
    response.writeHead(200, { ...headers, ...reply.headers })
    response.flushHeaders()
    response.write(wire.opening(usage))
  }
  for (const chunk of chunksOf(reply, wire)) {
    if (response.destroyed) return 'open'
    if (begun && reply.chunkDelay !== undefined) await sleep(reply.chunkDelay)
    if (!begun) begin()
    await send(response, chunk)
  }
  if (!begun && reply.fault !== 'reset') begin()
  if (reply.fault === 'stall') return 'open'
  if (reply.fault !== undefined) {
    fail(reply.fault, { wire, body: reply.body, response })
    return 'broken'
  }
  const finish = reply.finish ?? (reply.calls === undefined ? 'stop' : 'tool_calls')
  for (const chunk of wire.ending({ finish, usage, body })) await send(response, chunk)
  response.end()
  return 'answered'
}

export function sendJson(
  response: ServerResponse,
  answered: { status: number; body: unknown; headers?: Record<string, string> | undefined },
): void {
  const { status, body, headers } = answered
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function flood(
  response: ServerResponse,
  characters: number,
  as: 'line' | 'error',
): Promise<'answered'> {
  response.writeHead(as === 'error' ? 500 : 200, { 'content-type': 'text/event-stream' })
  await send(response, 'data: "')
  for (const piece of hugeText(characters)) {
    if (response.destroyed) break
    await send(response, piece)
  }
  response.end()
  return 'answered'
}

function usageOf(reply: ScriptedReply, messages: { text: string }[]): ScriptedUsage | undefined {
  if (reply.usage === null) return undefined
  const written = [reply.reasoning, reply.text].flatMap(piecesOf)
  const inputWords = messages.flatMap(({ text }) => text.match(/\S+/g) ?? [])
  return reply.usage ?? { input: inputWords.length, output: written.length }
}

function* chunksOf(reply: ScriptedReply, wire: Wire): Generator<string> {
  for (const [at, block] of blocksOf(reply).entries()) yield* wire.block(block, at)
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

function fail(
  fault: Fault,
  { wire, body, response }: { wire: Wire; body: unknown; response: ServerResponse },
): void {
  switch (fault) {
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'error_frame':
      response.end(wire.error(body))
      return
    case 'bad_json':
      response.end(wire.broken)
      return
    case 'empty_choices':
      response.end(wire.empty)
      return
    case 'cut':
    case 'hang':
    case 'stall':
    case 'garbage':
      response.end()
  }
}
