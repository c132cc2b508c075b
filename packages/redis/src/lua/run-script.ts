import type { Redis } from 'ioredis'
import { guarded } from '../connection/unavailable.ts'
import type { Call } from './define-script.ts'

/**
 * Runs a script. By its hash first; when Redis does not know it (it restarted, or its scripts were
 * flushed) once more in full, which is safe since a NOSCRIPT reply means that nothing ran.
 * Rejects with `unavailable` when Redis is away, full or read-only: the outcome is then unknown.
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
