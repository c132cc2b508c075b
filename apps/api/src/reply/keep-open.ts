import { limits } from '@longhaul/core'
import type { Response } from 'express'
import { isGone } from '../http/abort-on-disconnect.ts'
import { everyInterval } from './beat.ts'
import { isFull, writeChunk } from './write-chunk.ts'

/** The interval of signs of life: shorter than the idle timeout of common proxies and of Node's fetch. */
const heartbeatMs = limits.eventStream.heartbeat
/** The interval of checks whether the key of an open reply still exists. */
const keyCheckMs = limits.eventStream.keyCheck

/**
 * Writes `sign` to a reply that stays open, whenever it has been idle for some time, until it is stopped or over. A
 * function that returns the sign never rejects. Calls `onRevoked` when the key of the request is removed.
 */
export function keepOpen(
  response: Response,
  sign: string | (() => Promise<string>),
  { onRevoked, everyMs = heartbeatMs }: { onRevoked: () => void; everyMs?: number },
): { refresh: () => void; stop: () => void } {
  const heartbeat = everyInterval(everyMs, () => void beat())
  const keyCheck = everyInterval(keyCheckMs, () => void checkKey(response, onRevoked))
  const stop = () => {
    heartbeat.stop()
    keyCheck.stop()
  }
  response.once('close', stop)

  async function beat(): Promise<void> {
    const text = typeof sign === 'string' ? sign : await sign()
    const isOver = response.writableEnded || isGone(response)
    if (!isOver && !isFull(response)) writeChunk(response, text)
  }

  if (isGone(response)) stop()
  return { refresh: heartbeat.refresh, stop }
}

async function checkKey(response: Response, onRevoked: () => void): Promise<void> {
  const { principal } = response.locals
  if (principal?.type === 'key' && (await principal.isRevoked())) onRevoked()
}
