import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

/** A turn is recorded but has no job, as after a crash between the two. It must be found again. */
export const outbox: Safeguard = {
  name: 'the outbox',
  cuts: [
    {
      file: 'apps/worker/src/maintenance/reconcile.ts',
      piece: 'const due = await maintenance.dueOutbox(shard, outboxRetryMs, batch)',
      becomes: 'const due: never[] = []',
    },
  ],

  async experiment(cuts, atEnd) {
    const testbed = await startSafeguardTestbed({ cuts, workers: 0 }, atEnd)
    const { cluster } = testbed
    const task = oneTask('background', [0])
    const client = testbed.runClient(task)
    await loseJob(cluster.control)
    await cluster.startWorker()
    testbed.losePatienceAfter(10_000)
    return await testbed.violations(task, await client)
  },
}

/** Removes the only job from the queue as soon as it is there. */
async function loseJob(redis: Redis): Promise<void> {
  const { queue } = shardKeys(0)
  for (;;) {
    const job = await redis.lpop(`${queue}wait`)
    if (job !== null) {
      await redis.del(queue + job)
      return
    }
    await sleep(10)
  }
}
