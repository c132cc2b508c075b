import { type AppProcess, startFaultProxy, workerTest } from '@longhaul/testbed'

/** The command to Redis at which a worker is killed, and whether Redis still receives it. */
type Moment = { text: string; when: 'before' | 'after' }

/** The answer to a write that was recorded begins with one of these words. A heartbeat has another answer. */
const recorded = /\r\n(ok|started|answered)\r\n/

/**
 * `relay` kills one worker after the other, each at an exact command to Redis: the worker that takes the turn over is
 * killed next. Its processes end with the test, even if the test fails.
 */
export const test = workerTest
  .extend('killNext', { scope: 'file' }, async ({ lent }, { onCleanup }) => {
    const proxy = await startFaultProxy(lent.redisUrl)
    onCleanup(() => proxy.close())
    let victim: AppProcess | undefined
    /** Resolves with the task of `submit` when another worker has started to take it over. */
    return async (
      moment: Moment,
      submit: () => Promise<string>,
      env: Record<string, string> = {},
    ): Promise<string> => {
      const start = () => lent.startWorker({ ...env, REDIS_URL: proxy.url })
      const worker = victim?.alive() === true ? victim : await start()
      const killed = Promise.withResolvers<void>()
      proxy.set({
        ...moment,
        answer: recorded,
        spring: () => void worker.kill().then(killed.resolve, killed.reject),
      })
      const task = await submit()
      await killed.promise
      await lent.expireLeases()
      victim = await start()
      return task
    }
  })
  .extend('relay', ({ killNext, shared, task }, { onCleanup }) => {
    onCleanup(async () => {
      if (task.result?.state === 'fail') await shared.clear()
    })
    return killNext
  })
