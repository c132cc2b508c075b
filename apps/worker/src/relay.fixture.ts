import { type AppProcess, startFaultProxy, workerTest } from '@longhaul/testbed'

/** What is on its way to Redis when a worker is killed, and whether Redis still gets it. */
type Moment = { text: string; when: 'before' | 'after' }

/**
 * `relay` kills one worker after the other, each at an exact command to Redis: the worker that takes a
 * turn over is the next one to be killed. When a test fails, what it leaves ends with it.
 */
export const test = workerTest
  .extend('killNext', { scope: 'file' }, async ({ lent }, { onCleanup }) => {
    const proxy = await startFaultProxy(lent.redisUrl)
    onCleanup(() => proxy.close())
    let victim: AppProcess | undefined
    /** Resolves with the task that `submit` has submitted, when another worker has come to take it over. */
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
