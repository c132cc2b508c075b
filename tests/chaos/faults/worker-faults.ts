import { setTimeout as sleep } from 'node:timers/promises'
import {
  cutOff,
  deaden,
  loseReplies,
  refuse,
  type Performance,
  whileAway,
} from './fault-actions.ts'

const hour = 3_600_000

export const ofWorkers = {
  async 'worker killed'({ house, worker }) {
    if (worker !== undefined) await house.replaceWorker(worker)
  },

  'worker frozen': ({ worker, ms }) =>
    whileAway(worker, async ({ send }) => {
      send('SIGSTOP')
      await sleep(ms)
      send('SIGCONT')
    }),

  'worker blocked': ({ worker, ms }) =>
    whileAway(worker, async ({ pull }) => {
      await pull({ block: ms })
      await sleep(ms)
    }),

  'worker clock wrong': ({ worker, ms }) =>
    whileAway(worker, async ({ pull }) => {
      await pull({ clock: ms % 2 === 0 ? hour : -hour })
      await sleep(ms)
      await pull({ clock: 0 })
    }),

  'worker cut off': ({ worker, ms }) => whileAway(worker, ({ toRedis }) => cutOff(toRedis, ms)),

  'worker connections refused': ({ worker, ms }) =>
    whileAway(worker, ({ toRedis }) => refuse(toRedis, ms)),

  'worker lines dead': ({ worker, ms }) =>
    whileAway(worker, async ({ toRedis }) => {
      deaden(toRedis)
      await sleep(ms)
    }),

  'worker replies lost': ({ worker, ms }) =>
    whileAway(worker, ({ toRedis }) => loseReplies([toRedis], ms)),

  async 'workers restarted'({ house }) {
    const old = [...house.workers].filter(({ away }) => !away)
    for (const worker of old) {
      await house.startWorker()
      // Another fault may have been faster.
      if (!house.workers.has(worker) || worker.away) continue
      worker.away = true
      house.workers.delete(worker)
      await house.stop(worker)
    }
    return old.map(({ name }) => name)
  },
} satisfies Record<string, Performance>
