import { setTimeout as sleep } from 'node:timers/promises'
import {
  cutOff,
  deaden,
  loseReplies,
  refuse,
  type Performance,
  whileAway,
} from './fault-actions.ts'

export const ofApis = {
  async 'API killed'({ house, api, ms }) {
    if (api === undefined) return
    api.away = true
    await house.kill(api)
    await sleep(ms)
    await house.restartApi(api)
  },

  /** The next one first: clients are led to it while the old one hands over. */
  async 'API restarted'({ house, api }) {
    if (api === undefined) return
    api.away = true
    const old = { ...api }
    await house.restartApi(api)
    await house.stop(old)
  },

  'API cut off': ({ api, ms }) => whileAway(api, ({ toRedis }) => cutOff(toRedis, ms)),

  'API connections refused': ({ api, ms }) => whileAway(api, ({ toRedis }) => refuse(toRedis, ms)),

  'API lines dead': ({ api, ms }) =>
    whileAway(api, async ({ toRedis }) => {
      deaden(toRedis)
      await sleep(ms)
    }),

  'API replies lost': ({ api, ms }) => whileAway(api, ({ toRedis }) => loseReplies([toRedis], ms)),
} satisfies Record<string, Performance>
