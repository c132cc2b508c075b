import type { Redis } from 'ioredis'
import { guarded } from '../connection/unavailable.ts'
import type { Call } from './define-script.ts'

/**
 * Runs a script by its hash. When Redis does not have the script (it restarted, or its scripts were flushed), sends the
 * source. That is safe, because a NOSCRIPT reply means that nothing ran. Rejects with `unavailable` when Redis is
 * unavailable, full or read-only; the outcome may then be unknown.
 */
export async function runScript<R>(
  redis: Redis,
  { script, keys, args, parse }: Call<R>,
): Promise<R> {
  const reply = await guarded(async () => {
    try {
      return await redis.evalsha(script.sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return await redis.eval(script.source, keys.length, ...keys, ...args)
    }
  })
  return parse(reply)
}
