import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRefusal } from './unavailable.ts'

/**
 * The largest number of bytes that share a write. Redis reads this many at once, and processes them while more are
 * written.
 */
const perWrite = 16 * 1024

/**
 * Combines the commands of one iteration of the event loop into a few writes, which saves a system call each on both
 * sides. The pipelining of ioredis would delay every reply until the last one of its batch has arrived.
 */
export function corkWrites(redis: Redis): void {
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (...args) => {
    if (redis.status === 'ready') cork(redis.stream)
    return send(...args)
  }
}

function cork(stream: Redis['stream']): void {
  if (stream.writableCorked === 0) {
    stream.cork()
    setImmediate(() => stream.uncork())
  } else if (stream.writableLength > perWrite) {
    stream.uncork()
    stream.cork()
  }
}

/** The delay of a refusal, milliseconds. */
const refusalDelayMs = 500

/**
 * Delays a refusal of Redis (full or read-only). BullMQ repeats a refused command at once, and would do so thousands of
 * times a second for as long as a job waits.
 */
export function delayRefusal(command: object, pipeline: unknown, reply: unknown): unknown {
  if (!(reply instanceof Promise) || pipeline !== undefined || sent.has(command)) return reply
  sent.add(command)
  return reply.catch(afterDelay)
}

/**
 * Commands whose promise a caller has. ioredis calls `sendCommand` again for each command that it repeats after a
 * reconnect, and for those of a pipeline, and ignores the result: a rejected promise that nobody handles would end the
 * process.
 */
const sent = new WeakSet<object>()

async function afterDelay(error: unknown): Promise<never> {
  if (isRefusal(error)) await sleep(refusalDelayMs)
  throw error
}
