import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { oneTask } from './one-task.ts'
import type { Cut } from './cut.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

const relay = 'apps/worker/src/webhooks/relay-events.ts'

/** A pause between the choice of an event's endpoints and its delivery, in which the worker dies. */
const pauseBeforeDelivery: Cut = {
  file: relay,
  piece: 'await deliveryQueue.put(served, delivery, isNamed ? webhook : undefined)',
  becomes:
    'await new Promise((go) => setTimeout(go, 2_000)); await deliveryQueue.put(served, delivery, isNamed ? webhook : undefined)',
}

/** The event of an end arrives, whatever dies between the end and the answer of the receiver. */
export const eventChecks: Safeguard[] = [
  {
    name: 'the note of an event by the script that ends a turn',
    cuts: [
      {
        file: 'packages/redis/src/lua/lib/finish.lua',
        piece: 'if readState(workspace).listens then',
        becomes: 'if false then',
      },
    ],

    async experiment(cuts, atEnd) {
      const testbed = await startSafeguardTestbed({ cuts, workers: 1, eventsMs: 10_000 }, atEnd)
      const task = oneTask('background', [0])
      testbed.losePatienceAfter(20_000)
      return await testbed.violations(task, await testbed.runClient(task))
    },
  },
  {
    name: 'the event that is kept until its deliveries are stored',
    cuts: [
      {
        file: relay,
        piece: 'const view = await store.view(taskId)',
        becomes: 'await deliveryQueue.eventDone(event); const view = await store.view(taskId)',
      },
    ],
    always: [pauseBeforeDelivery],

    async experiment(cuts, atEnd) {
      const testbed = await startSafeguardTestbed({ cuts, workers: 1, eventsMs: 40_000 }, atEnd)
      const { cluster } = testbed
      const task = oneTask('background', [3_000])
      const client = testbed.runClient(task)
      const worker = await testbed.asking(task, 1)
      testbed.losePatienceAfter(20_000)
      const seen = await client
      await untilEventsAreTaken(cluster.control)
      await testbed.inflict('worker killed', [worker], () => cluster.replaceWorker(worker))
      return await testbed.violations(task, seen)
    },
  },
  {
    name: 'the repetition of an attempt that is not recorded',
    cuts: [
      {
        file: 'packages/redis/src/lua/webhooks/begin-attempts.lua',
        piece: "redis.call('ZADD', waiting, now + leaseMs, id)",
        becomes: "redis.call('ZREM', waiting, id)",
      },
    ],

    async experiment(cuts, atEnd) {
      const testbed = await startSafeguardTestbed({ cuts, workers: 1, eventsMs: 60_000 }, atEnd)
      const { cluster, receiver } = testbed
      receiver.decide(() => 'hangs')
      const task = oneTask('background', [500])
      const client = testbed.runClient(task)
      const worker = await testbed.asking(task, 1)
      testbed.losePatienceAfter(20_000)
      const seen = await client
      while (!receiver.received.some(({ type }) => type === 'response.completed')) await sleep(20)
      await testbed.inflict('worker killed', [worker], () => cluster.replaceWorker(worker))
      return await testbed.violations(task, seen)
    },
  },
]

/** Resolves when a worker has taken all noted events. */
async function untilEventsAreTaken(redis: Redis): Promise<void> {
  const { events } = shardKeys(0)
  for (;;) {
    const [seconds] = await redis.time()
    if ((await redis.zcount(events, '-inf', Number(seconds) * 1_000 + 1_000)) === 0) return
    await sleep(10)
  }
}
