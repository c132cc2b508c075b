import type { Response } from 'express'
import { limits } from '@longhaul/core'
import { writeHead } from './head.ts'
import { keepOpen } from './keep-open.ts'
import { taken } from './wait-for-reader.ts'
import { isFull, writeChunk } from './write-chunk.ts'

/** The maximum time that a reader may take no data. Then the stream is cut, and the reader may resume. */
const patience = limits.eventStream.stall

/** The comment of an idle stream, without its colon; undefined for the usual one. */
export type IdleComment = () => Promise<string | undefined>

const keepAlive = ': keep-alive\n\n'

/**
 * A stream of server-sent events. Headers are sent at once, and a comment is sent when the stream is idle. The stream
 * ends without its end marker when its key is removed. With `cut` a stream without that marker does not end, but its
 * connection is cut.
 */
export function openEventStream(
  response: Response,
  {
    stallMs = patience,
    cut,
    comment,
    idleMs,
  }: {
    stallMs?: number
    cut?: true | undefined
    comment?: IdleComment | undefined
    idleMs?: number | undefined
  } = {},
) {
  writeHead(response, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  const idle = keepOpen(response, comment === undefined ? keepAlive : sign, {
    onRevoked: stop,
    ...(idleMs !== undefined && { everyMs: idleMs }),
  })

  async function sign(): Promise<string> {
    try {
      const text = await comment?.()
      return text === undefined ? keepAlive : `: ${text}\n\n`
    } catch {
      // The store is unavailable. The stream continues when it is back.
      return keepAlive
    }
  }

  function stop(): void {
    if (cut) response.destroy()
    else response.end()
  }

  function write(text: string, batch?: object): void {
    if (!response.writableEnded && !response.destroyed) writeChunk(response, text, batch)
  }

  return {
    /**
     * Sends events in their wire format. If the buffer is full it returns a promise, which resolves when there is
     * space. Streams of the same batch share its bytes.
     */
    send(frames: string, batch?: object): Promise<void> | undefined {
      idle.refresh()
      write(frames, batch)
      return isFull(response) ? taken(response, stallMs) : undefined
    },

    /** Ends the stream. If it is complete, the end marker is sent. */
    end({ done }: { done: boolean }): void {
      idle.stop()
      if (!done) {
        stop()
        return
      }
      write('data: [DONE]\n\n')
      response.end()
    },
  }
}
