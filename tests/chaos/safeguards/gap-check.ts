import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

const wake = 'packages/redis/src/queue/wake-signal.ts'
const stream = shardKeys(0).wake

/** The hint of a turn's end is trimmed away while the API that waits for it stands still: the jump in the numbers tells. */
export const gapCheck: Safeguard = {
  name: 'the gap check of the wake reader',
  cuts: [
    {
      file: wake,
      piece: 'if (first !== undefined && sequence(first[0]) !== (last ?? 0) + 1) wakeAll()',
      becomes: '',
    },
  ],

  async experiment(cuts, atEnd) {
    // The slow sweep would find it in the end, too.
    const sweep = { file: wake, piece: 'sweepMs = 15_000', becomes: 'sweepMs = 600_000' }
    const testbed = await startSafeguardTestbed({ cuts: [...cuts, sweep], workers: 1 }, atEnd)
    const { apis, control } = testbed.cluster
    const task = oneTask('sync', [1_000])
    const client = testbed.runClient(task)
    await testbed.asking(task, 1)
    // It answers when the turn has ended, and has looked for itself by now.
    await sleep(300)
    await testbed.inflict('API cut off', apis, async () => {
      for (const api of apis) api.send('SIGSTOP')
      // This is the answer to its reader, who waits; what follows it must come for.
      await hintForNobody(control)
      await untilEnded(control)
      await control.xtrim(stream, 'MAXLEN', 0)
      await hintForNobody(control)
      for (const api of apis) api.send('SIGCONT')
    })
    testbed.losePatienceAfter(4_000)
    return await testbed.violations(task, await client)
  },
}

async function hintForNobody(redis: Redis): Promise<void> {
  await redis.xadd(stream, '0-*', 't', 'nobody', 'p', '0', 'k', 'fact')
}

async function untilEnded(redis: Redis): Promise<void> {
  for (;;) {
    const hints = await redis.xrange(stream, '-', '+')
    if (hints.some(([, fields]) => fields.includes('end'))) return
    await sleep(20)
  }
}
