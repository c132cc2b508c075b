import { limits, type Share } from '@longhaul/core'
import type { Response } from 'express'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isGone } from '../http/abort-on-disconnect.ts'
import { jsonPieces } from './json-pieces.ts'
import { ReadyBody } from './ready-body.ts'
import { sendHead, sendJson } from './send-reply.ts'
import type { LargeReply, Reply } from '../route.ts'
import { over, taken } from './wait-for-reader.ts'

/** The number of characters of JSON that are written before other requests are served. */
const atOnce = 128 * 1024

/** The maximum time that a reader may take no data. Then its connection is cut. */
const patience = 30_000

/**
 * Sends a reply that may be large, or its body if its head is sent already. The JSON is written piece by piece, so other
 * requests are served between. The reply counts as bytes in flight until its reader has it. Rejects, before anything is
 * sent, if there are too many bytes in flight.
 */
export async function sendLarge(
  response: Response,
  { status, body, headers, owed }: Omit<LargeReply, 'owed'> & { owed: boolean | undefined },
  share: Share,
): Promise<void> {
  if (body instanceof ReadyBody || hasOnePiece(body)) {
    const json = body instanceof ReadyBody ? body.json : JSON.stringify(body)
    await sendCounted(response, { status, json, headers, owed }, share)
    return
  }
  const pieces: Buffer[] = []
  const counted = (json: string) => {
    const bytes = Buffer.from(json)
    share.take(bytes.length, { owed })
    return bytes
  }
  let text = ''
  for (const piece of jsonPieces(body)) {
    text += piece
    if (text.length < atOnce) continue
    pieces.push(counted(text))
    text = ''
    await nextTurn()
    if (isGone(response)) return
  }
  if (pieces.length === 0) {
    await sendCounted(response, { status, json: text, headers, owed }, share)
    return
  }
  pieces.push(counted(text))
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (!response.headersSent) sendHead(response, { status, length, headers })
  for (const piece of pieces) {
    if (isGone(response)) return
    if (!response.write(piece)) await taken(response, patience)
  }
  if (!isGone(response)) response.end()
}

/** Whether a body has no list with several items, between which other requests could be served. */
function hasOnePiece(body: object): boolean {
  for (const value of Object.values(body))
    if (Array.isArray(value) && value.length > 1) return false
  return true
}

/**
 * Sends a reply that is JSON already. Unless it is small, it counts as bytes in flight until its reader has it.
 * Rejects, before anything is sent, if there are too many bytes in flight.
 */
export async function sendCounted(
  response: Response,
  {
    owed,
    ...reply
  }: { status: number; json: string; headers?: Reply['headers']; owed?: boolean | undefined },
  share: Share,
): Promise<void> {
  const { small } = limits.bytesInFlight
  // A character has at most three bytes.
  const bytes = reply.json.length * 3 <= small ? 0 : Buffer.byteLength(reply.json)
  if (bytes <= small) {
    sendJson(response, reply)
    return
  }
  share.take(bytes, { owed })
  sendJson(response, reply)
  await over(response, patience)
}
