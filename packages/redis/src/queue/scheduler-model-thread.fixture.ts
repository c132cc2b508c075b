import * as fc from 'fast-check'
import { Redis } from 'ioredis'
import { parentPort, workerData } from 'node:worker_threads'
import { play } from './scheduler-model-history.fixture.ts'
import { anySize, anySteps, type Size, type Step } from './scheduler-model-steps.fixture.ts'

/** Histories that are played side by side, each in a database of its own. */
const sideBySide = 8

type Work = { url: string; seed: number; histories: number }

/** Plays random histories in a Redis. Returns the number of their steps. After a failure, the others end early. */
export async function playHistories({ url, seed, histories }: Work): Promise<number> {
  let [played, hasFailed] = [0, false]
  const numRuns = Math.ceil(histories / sideBySide)
  async function playIn(db: number): Promise<void> {
    const redis = new Redis(url, { db })
    let failed: Failed | undefined
    const property = fc.asyncProperty(anySize, anySteps, async (size, steps) => {
      if (hasFailed) return
      played += steps.length
      try {
        await play(redis, size, steps)
      } catch (error) {
        failed ??= { size, steps, error }
        throw error
      }
    })
    try {
      await fc.assert(property, { numRuns, seed: seed + db, endOnFailure: true })
    } catch (error) {
      hasFailed = true
      throw failed === undefined ? error : await shortest(redis, failed)
    } finally {
      redis.disconnect()
    }
  }
  const plays = await Promise.allSettled(Array.from({ length: sideBySide }, (_, db) => playIn(db)))
  for (const each of plays) if (each.status === 'rejected') throw each.reason
  return played
}

/** How long a shorter history is looked for. */
const shorteningMs = 15_000

type Failed = { size: Size; steps: readonly Step[]; error: unknown }

/** Leaves steps out as long as the rest fails. That is faster than what fast-check does with long histories. */
async function shortest(redis: Redis, failed: Failed): Promise<Error> {
  let { steps, error } = failed
  const until = performance.now() + shorteningMs
  for (let length = Math.ceil(steps.length / 2); length > 0;) {
    let isShorter = false
    for (let at = 0; at < steps.length && performance.now() < until;) {
      const rest = [...steps.slice(0, at), ...steps.slice(at + length)]
      try {
        await play(redis, failed.size, rest)
        at += length
      } catch (cause) {
        error = cause
        steps = rest
        isShorter = true
      }
    }
    if (!isShorter || length > 1) length = length === 1 ? 0 : Math.ceil(length / 2)
  }
  const lines = steps.map((step) => JSON.stringify(step)).join('\n')
  return new Error(`${JSON.stringify(failed.size)}\n${lines}\n${String(error)}`, { cause: error })
}

if (parentPort !== null && workerData !== null)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort.postMessage(await playHistories(workerData as Work))
