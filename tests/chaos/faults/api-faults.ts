import { setTimeout as sleep } from 'node:timers/promises'
import {
  cutOff,
  leaveHalfOpen,
  loseReplies,
  refuse,
  type FaultAction,
  whileAway,
} from './fault-actions.ts'

export const apiFaults = {
  async 'API killed'({ cluster, api, ms }) {
    if (api === undefined) return
    api.away = true
    await cluster.kill(api)
    await sleep(ms)
    await cluster.restartApi(api)
  },

  /** Starts the new process first: clients are directed to it while the old one shuts down. */
  async 'API restarted'({ cluster, api }) {
    if (api === undefined) return
    api.away = true
    const old = { ...api }
    await cluster.restartApi(api)
    await cluster.stop(old)
  },

  'API cut off': ({ api, ms }) => whileAway(api, ({ toRedis }) => cutOff(toRedis, ms)),

  'API connections refused': ({ api, ms }) => whileAway(api, ({ toRedis }) => refuse(toRedis, ms)),

  'API lines dead': ({ api, ms }) =>
    whileAway(api, async ({ toRedis }) => {
      leaveHalfOpen(toRedis)
      await sleep(ms)
    }),

  'API replies lost': ({ api, ms }) => whileAway(api, ({ toRedis }) => loseReplies([toRedis], ms)),
} satisfies Record<string, FaultAction>
