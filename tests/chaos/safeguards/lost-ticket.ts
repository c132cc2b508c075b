import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

/** A turn is recorded but has no ticket, as after a crash between the two. It must be found again. */
export const lostTicket: Safeguard = {
  name: 'the search for lost tickets',
  cuts: [
    {
      file: 'apps/worker/src/maintenance/reconcile.ts',
      piece: 'if (isStartable && (waiting === 0',
      becomes: 'if (false && (waiting === 0',
    },
  ],

  async experiment(cuts, atEnd) {
    const testbed = await startSafeguardTestbed({ cuts, workers: 0 }, atEnd)
    const { cluster } = testbed
    const task = oneTask('background', [0])
    const client = testbed.runClient(task)
    await loseTicket(cluster.control)
    await cluster.startWorker()
    testbed.losePatienceAfter(10_000)
    return await testbed.violations(task, await client)
  },
}

/** Removes the only ticket from the queue as soon as it is there. */
async function loseTicket(redis: Redis): Promise<void> {
  const { queue, tickets } = shardKeys(0)
  for (;;) {
    const ticket = await redis.lpop(tickets)
    if (ticket !== null) {
      await redis.del(queue + ticket)
      return
    }
    await sleep(10)
  }
}
