import { limits, LonghaulError } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { shardCount } from './keys.ts'
import { tryWriteScript } from '../lua/admin/try-write.ts'
import { runScript } from '../lua/run-script.ts'
import { asUnavailable, away } from './unavailable.ts'

/**
 * Finds out why Redis does not take writes over a connection now; resolves with undefined when it does. A connection
 * that is not ready says nothing of the reason: then one is made by `dial`, for one question. Callers that ask at the
 * same time share an answer.
 */
export function createStoreCheck(
  redis: Redis,
  dial: (onError: (error: Error) => void) => Redis,
): () => Promise<LonghaulError | undefined> {
  let asking: Promise<LonghaulError | undefined> | undefined

  async function ask(): Promise<LonghaulError | undefined> {
    if (redis.status === 'ready') return await tryWrite(redis)
    return (await askAnew(dial)) ?? reconnecting()
  }

  return () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

async function tryWrite(redis: Redis): Promise<LonghaulError | undefined> {
  try {
    const call = tryWriteScript.call({ shardCount: shardCount() }, {})
    await Promise.race([runScript(redis, call), silence()])
    return undefined
  } catch (error) {
    const reason = asUnavailable(error)
    if (reason === undefined) throw error
    return reason
  }
}

/** A connection for work waits for its Redis as long as it takes. */
async function silence(): Promise<never> {
  await sleep(limits.redis.command, undefined, { ref: false })
  throw away()
}

async function askAnew(
  dial: (onError: (error: Error) => void) => Redis,
): Promise<LonghaulError | undefined> {
  let lastError: Error | undefined
  const redis = dial((error) => {
    lastError = error
  })
  try {
    await redis.connect()
    return await tryWrite(redis)
  } catch (error) {
    return asUnavailable(lastError) ?? asUnavailable(error) ?? away()
  } finally {
    redis.disconnect()
  }
}

function reconnecting(): LonghaulError {
  return new LonghaulError('unavailable', 'The connection to the task store is being made anew.')
}
