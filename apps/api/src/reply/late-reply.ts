import type { Response } from 'express'
import { writeHead } from './head.ts'
import { keepOpen } from './keep-open.ts'

/**
 * Sends the head of a JSON reply whose body comes later, and white space meanwhile: a client or a proxy would cut a
 * silent connection, and the client would send its request again. Call the returned function before the body is sent; an
 * error before that is sent as the body.
 */
export function beginLateReply(response: Response, options: { everyMs?: number } = {}): () => void {
  writeHead(response, 200, {
    'content-type': 'application/json; charset=utf-8',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  response.locals.late = true
  const idle = keepOpen(response, ' ', { onRevoked: () => response.destroy(), ...options })
  return () => {
    idle.stop()
    response.locals.late = false
  }
}
