import type { Response } from 'express'
import type { Socket } from 'node:net'

type Chunk = { text: string; bytes: Buffer }

/** The latest chunk of each batch. All readers of a task receive the same batch object. */
const written = new WeakMap<object, Chunk>()

/**
 * Writes a piece of a reply whose head was sent. The reader of a chunked reply receives it in one write to its socket,
 * where `response.write` would pass on four pieces. The bytes of a `batch` are made once for all its readers.
 */
export function writeChunk(response: Response, text: string, batch: object = {}): void {
  const { socket } = response
  if (socket === null || !response.chunkedEncoding || holdsBack(response)) response.write(text)
  else writeAtOnce(socket, bytesOf(text, batch))
}

/** The sockets with data that was written in this turn of the event loop. */
let waiting: Socket[] = []

/**
 * Passes data on when all work of this moment is done: so a socket has one write for several pieces, and the writes to
 * many sockets follow each other directly, which costs the system less.
 */
function writeAtOnce(socket: Socket, bytes: Buffer): void {
  if (socket.writableCorked === 0) {
    socket.cork()
    if (waiting.length === 0) process.nextTick(flush)
    waiting.push(socket)
  }
  socket.write(bytes)
}

function flush(): void {
  const sockets = waiting
  waiting = []
  for (const socket of sockets) socket.uncork()
}

/** Whether the buffers of a reply are full. */
export function isFull(response: Response): boolean {
  return response.writableNeedDrain || response.socket?.writableNeedDrain === true
}

/** Whether a reply keeps data that its socket has not received, which must come first. */
function holdsBack(response: Response): boolean {
  return response.writableLength > (response.socket?.writableLength ?? 0)
}

function bytesOf(text: string, batch: object): Buffer {
  const known = written.get(batch)
  if (known?.text === text) return known.bytes
  const bytes = Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
  written.set(batch, { text, bytes })
  return bytes
}
