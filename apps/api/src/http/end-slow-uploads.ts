import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { nextUploadMark, type UploadMark } from '@longhaul/core'

export type UploadBounds = { bytes: number; within: number }

/**
 * Ends uploads that are too slow, as Node ends a request that takes too long. A timer checks all connections, so no
 * request pays for it. `latestOf` returns the latest response of a connection.
 */
export function endSlowUploads(
  server: Server,
  {
    latestOf,
    bounds,
    everyMs,
  }: {
    latestOf: (socket: Socket) => ServerResponse | undefined
    bounds: UploadBounds
    everyMs: number
  },
): void {
  const sockets = new Set<Socket>()
  const marks = new WeakMap<ServerResponse, UploadMark>()

  function isTooSlow(socket: Socket, response: ServerResponse): boolean {
    if (response.req.complete) return false
    const now = { at: performance.now(), bytes: socket.bytesRead }
    const mark = nextUploadMark(marks.get(response) ?? now, now, bounds)
    if (mark !== undefined) marks.set(response, mark)
    return mark === undefined
  }

  const timer = setInterval(() => {
    for (const socket of sockets) {
      const response = latestOf(socket)
      if (response === undefined || !isTooSlow(socket, response)) continue
      sockets.delete(socket)
      server.emit('clientError', Object.assign(new Error('slow'), { code: tooSlow }), socket)
    }
  }, everyMs)
  timer.unref()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.once('close', () => clearInterval(timer))
}

const tooSlow = 'ERR_HTTP_REQUEST_TIMEOUT'
