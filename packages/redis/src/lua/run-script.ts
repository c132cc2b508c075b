import type { Redis } from 'ioredis'
import { asUnavailable, guarded } from '../connection/unavailable.ts'
import type { Call } from './define-script.ts'

/**
 * Runs a script by its hash. When Redis does not have the script (it restarted, or its scripts were flushed), sends the
 * source. That is safe, because a NOSCRIPT reply means that nothing ran. Rejects with `unavailable` when Redis is
 * unavailable, full or read-only; the outcome may then be unknown.
 */
export async function runScript<R>(redis: Redis, call: Call<R>): Promise<R> {
  const { script, keys, args, parse } = call
  let reply: unknown
  // Without a function inside, since every accepted task and every step comes through here.
  try {
    reply = await redis.evalsha(script.sha, keys.length, ...keys, ...args)
  } catch (error) {
    if (!isMissing(error)) throw asUnavailable(error) ?? error
    reply = await guarded(() => redis.eval(script.source, keys.length, ...keys, ...args))
  }
  return parse(reply)
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
