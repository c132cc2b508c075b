import type { Response } from 'express'
import { limits } from '@longhaul/core'
import { isGone } from '../http/abort-on-disconnect.ts'
import { writeHead } from './head.ts'
import { taken } from './wait-for-reader.ts'

/** Shorter than the idle time of any proxy, and of Node's own fetch. */
const heartbeatMs = limits.eventStream.heartbeat
/** How often it is asked whether the key of a stream still exists. */
const keyCheckMs = limits.eventStream.keyCheck
/** How long a reader may leave what it was sent; then it is cut off, and may resume. */
const patience = limits.eventStream.stall

/**
 * A server-sent event stream. Headers go out at once; a comment goes out when nothing else does. It ends without its
 * marker when the key that opened it is removed.
 */
export function openEventStream(response: Response, { stallMs = patience } = {}) {
  writeHead(response, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) write(': keep-alive\n\n')
  }, heartbeatMs)
  const keyCheck = setInterval(() => void endIfRevoked(response), keyCheckMs)
  const stop = () => {
    clearInterval(heartbeat)
    clearInterval(keyCheck)
  }
  response.once('close', stop)
  if (isGone(response)) stop()

  function write(text: string): void {
    if (!response.writableEnded && !response.destroyed) response.write(text)
  }

  return {
    /** Events as they go over the wire. When there is no room for more it returns a promise, which resolves when there is. */
    send(frames: string): Promise<void> | undefined {
      heartbeat.refresh()
      write(frames)
      return response.writableNeedDrain ? taken(response, stallMs) : undefined
    },

    /** The end, with its marker where nothing is left to come. */
    end({ done }: { done: boolean }): void {
      stop()
      if (done) write('data: [DONE]\n\n')
      response.end()
    },
  }
}

async function endIfRevoked(response: Response): Promise<void> {
  const { principal } = response.locals
  if (principal?.type === 'key' && (await principal.isRevoked())) response.end()
}
