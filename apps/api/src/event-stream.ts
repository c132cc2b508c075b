import type { Response } from 'express'
import { writeHead } from './head.ts'

/** Shorter than the idle time of any proxy, and of Node's own fetch. */
const heartbeatMs = 15_000
/** What a reader may be behind by, in bytes; then it is cut off and may resume. */
const maxBehind = 1024 * 1024

/** A server-sent event stream. Headers go out at once; a comment goes out when nothing else does. */
export function openEventStream(response: Response) {
  writeHead(response, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  const heartbeat = setInterval(() => write(': keep-alive\n\n'), heartbeatMs)
  response.once('close', () => clearInterval(heartbeat))
  if (response.destroyed || response.closed) clearInterval(heartbeat)

  function write(text: string): void {
    if (response.writableEnded || response.destroyed) return
    response.write(text)
    if (response.writableLength > maxBehind) response.destroy()
  }

  return {
    /** One event; `id` is what a reader resumes after. */
    send(id: number, event: unknown): void {
      write(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`)
    },

    /** The end marker, and the end. */
    end(): void {
      clearInterval(heartbeat)
      write('data: [DONE]\n\n')
      response.end()
    },
  }
}
