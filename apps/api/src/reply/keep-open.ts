import { limits } from '@longhaul/core'
import type { Response } from 'express'
import { isGone } from '../http/abort-on-disconnect.ts'

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
  const heartbeat = setInterval(() => void beat(), everyMs)
  const keyCheck = setInterval(() => void checkKey(response, onRevoked), keyCheckMs)
  const stop = () => {
    clearInterval(heartbeat)
    clearInterval(keyCheck)
  }
  response.once('close', stop)

  async function beat(): Promise<void> {
    const text = typeof sign === 'string' ? sign : await sign()
    const isOver = response.writableEnded || isGone(response)
    if (!isOver && !response.writableNeedDrain) response.write(text)
  }

  if (isGone(response)) stop()
  return { refresh: () => void heartbeat.refresh(), stop }
}

async function checkKey(response: Response, onRevoked: () => void): Promise<void> {
  const { principal } = response.locals
  if (principal?.type === 'key' && (await principal.isRevoked())) onRevoked()
}
