import { withCleanup } from '@longhaul/testbed/servers'
import { redisRows } from '../measure/redis-work.ts'
import { compare } from '../measure/rounds.ts'
import type { Bench } from '../report.ts'
import { measureBoth, startSetting } from './compare-services.ts'
import { measureRuns } from './measured-runs.ts'

/** Measures runs of one model call from their submission in the background to their end, against the naive service. */
export const background: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const setting = await startSetting(atEnd, { concurrency: 100 })
    const runs = { connections: 64, requests: quick ? 50 : 2_000 }
    const pairs = await measureBoth(setting.services, {
      rounds,
      progress,
      measure: (service) => measureRuns(service, runs, setting),
      figure: ({ perSecond }) => perSecond,
      unit: 'runs a second',
    })
    const rate = compare(pairs, ({ perSecond }) => perSecond)
    return {
      rows: [
        { what: 'runs a second', ...rate, goal: { reach: 0.9, aim: 1.3 } },
        { what: 'CPU of the API, µs each', ...compare(pairs, ({ apiCpu }) => apiCpu) },
        { what: 'CPU of the worker, µs each', ...compare(pairs, ({ workerCpu }) => workerCpu) },
        ...redisRows(pairs),
      ],
      notes: [],
    }
  })
