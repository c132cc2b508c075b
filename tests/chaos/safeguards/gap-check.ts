import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

const wake = 'packages/redis/src/queue/wake-signal.ts'
const stream = shardKeys(0).wake

/**
 * The notification of a turn's end is trimmed away while the API that waits for it is stopped. The API notices the gap
 * in the numbers.
 */
export const gapCheck: Safeguard = {
  name: 'the gap check of the wake reader',
  cuts: [
    {
      file: wake,
      piece: 'if (first !== undefined && sequence(first[0]) !== (last ?? 0) + 1) wakeAll()',
      becomes: '',
    },
  ],
  // The periodic sweep would also find the end of the turn.
  always: [{ file: wake, piece: 'sweepMs = 15_000', becomes: 'sweepMs = 600_000' }],

  async experiment(cuts, atEnd) {
    const testbed = await startSafeguardTestbed({ cuts, workers: 1 }, atEnd)
    const { apis, control } = testbed.cluster
    const task = oneTask('sync', [1_000])
    const client = testbed.runClient(task)
    await testbed.asking(task, 1)
    // The synchronous call answers when the turn has ended. By now the API has read the task once and waits.
    await sleep(300)
    await testbed.inflict('API cut off', apis, async () => {
      for (const api of apis) api.send('SIGSTOP')
      // This entry answers the blocking read of the API. The API must read again for the entries after it.
      await notifyNobody(control)
      await untilEnded(control)
      await control.xtrim(stream, 'MAXLEN', 0)
      await notifyNobody(control)
      for (const api of apis) api.send('SIGCONT')
    })
    testbed.losePatienceAfter(4_000)
    return await testbed.violations(task, await client)
  },
}

async function notifyNobody(redis: Redis): Promise<void> {
  await redis.xadd(stream, '0-*', 't', 'nobody', 'p', '0', 'k', 'fact')
}

async function untilEnded(redis: Redis): Promise<void> {
  for (;;) {
    const notifications = await redis.xrange(stream, '-', '+')
    if (notifications.some(([, fields]) => fields.includes('end'))) return
    await sleep(20)
  }
}
