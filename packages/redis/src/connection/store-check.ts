import { limits, LonghaulError } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { shardCount } from './keys.ts'
import { tryWriteScript } from '../lua/admin/try-write.ts'
import { runScript } from '../lua/run-script.ts'
import { asUnavailable, away } from './unavailable.ts'

/**
 * Returns a check that resolves with the reason why Redis accepts no writes over a connection, or undefined when it
 * does. The state of a connection that is not ready does not show the reason, so `dial` opens another one for a single
 * command. Concurrent calls share one answer. `keys` are arbitrary keys on all servers that the product needs.
 */
export function createStoreCheck(
  redis: Redis,
  dial: (onError: (error: Error) => void) => Redis,
  keys: string[] = [shardCount()],
): () => Promise<LonghaulError | undefined> {
  let asking: Promise<LonghaulError | undefined> | undefined

  async function ask(): Promise<LonghaulError | undefined> {
    if (redis.status === 'ready') return await tryWrite(redis, keys)
    return (await askOverNewConnection(dial, keys)) ?? reconnecting()
  }

  return () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

async function tryWrite(redis: Redis, keys: string[]): Promise<LonghaulError | undefined> {
  try {
    const calls = keys.map((key) => runScript(redis, tryWriteScript.call({ shardCount: key }, {})))
    await Promise.race([Promise.all(calls), timeout()])
    return undefined
  } catch (error) {
    const reason = asUnavailable(error)
    if (reason === undefined) throw error
    return reason
  }
}

/** A timeout, because a connection for work waits for Redis without limit. */
async function timeout(): Promise<never> {
  await sleep(limits.redis.command, undefined, { ref: false })
  throw away()
}

async function askOverNewConnection(
  dial: (onError: (error: Error) => void) => Redis,
  keys: string[],
): Promise<LonghaulError | undefined> {
  let reported: Error | undefined
  const redis = dial((error) => {
    reported = error
  })
  try {
    await redis.connect()
    return await tryWrite(redis, keys)
  } catch (error) {
    return asUnavailable(reported) ?? asUnavailable(error) ?? away()
  } finally {
    redis.disconnect()
  }
}

function reconnecting(): LonghaulError {
  return new LonghaulError('unavailable', 'The connection to the task store is being made anew.')
}
