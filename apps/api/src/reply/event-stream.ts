import type { Response } from 'express'
import { limits } from '@longhaul/core'
import { isGone } from '../http/abort-on-disconnect.ts'
import { writeHead } from './head.ts'
import { taken } from './wait-for-reader.ts'

/** The interval of comments: shorter than the idle timeout of common proxies and of Node's fetch. */
const heartbeatMs = limits.eventStream.heartbeat
/** The interval of checks whether the key of a stream still exists. */
const keyCheckMs = limits.eventStream.keyCheck
/** The maximum time that a reader may take no data. Then the stream is cut, and the reader may resume. */
const patience = limits.eventStream.stall

/**
 * A stream of server-sent events. Headers are sent at once, and a comment is sent when the stream is idle. The stream
 * ends without its end marker when its key is removed.
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
    /**
     * Sends events in their wire format. If the buffer is full it returns a promise, which resolves when there is
     * space.
     */
    send(frames: string): Promise<void> | undefined {
      heartbeat.refresh()
      write(frames)
      return response.writableNeedDrain ? taken(response, stallMs) : undefined
    },

    /** Ends the stream. If it is complete, the end marker is sent. */
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
