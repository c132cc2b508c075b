import { setTimeout as sleep } from 'node:timers/promises'
import {
  cutOff,
  leaveHalfOpen,
  loseReplies,
  refuse,
  type FaultAction,
  whileAway,
} from './fault-actions.ts'

const hour = 3_600_000

export const workerFaults = {
  async 'worker killed'({ cluster, worker }) {
    if (worker !== undefined) await cluster.replaceWorker(worker)
  },

  'worker frozen': ({ worker, ms }) =>
    whileAway(worker, async ({ send }) => {
      send('SIGSTOP')
      await sleep(ms)
      send('SIGCONT')
    }),

  'worker blocked': ({ worker, ms }) =>
    whileAway(worker, async ({ order }) => {
      await order({ block: ms })
      await sleep(ms)
    }),

  'worker clock wrong': ({ worker, ms }) =>
    whileAway(worker, async ({ order }) => {
      await order({ clock: ms % 2 === 0 ? hour : -hour })
      await sleep(ms)
      await order({ clock: 0 })
    }),

  'worker cut off': ({ worker, ms }) => whileAway(worker, ({ toRedis }) => cutOff(toRedis, ms)),

  'worker connections refused': ({ worker, ms }) =>
    whileAway(worker, ({ toRedis }) => refuse(toRedis, ms)),

  'worker lines dead': ({ worker, ms }) =>
    whileAway(worker, async ({ toRedis }) => {
      leaveHalfOpen(toRedis)
      await sleep(ms)
    }),

  'worker replies lost': ({ worker, ms }) =>
    whileAway(worker, ({ toRedis }) => loseReplies([toRedis], ms)),

  async 'workers restarted'({ cluster }) {
    const old = [...cluster.workers].filter(({ away }) => !away)
    for (const worker of old) {
      await cluster.startWorker()
      // Another fault may have killed it already.
      if (!cluster.workers.has(worker) || worker.away) continue
      worker.away = true
      cluster.workers.delete(worker)
      await cluster.stop(worker)
    }
    return old.map(({ name }) => name)
  },
} satisfies Record<string, FaultAction>
