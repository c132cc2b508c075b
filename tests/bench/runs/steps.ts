import { withCleanup } from '@longhaul/testbed/servers'
import { redisRows } from '../measure/redis-work.ts'
import { compare } from '../measure/rounds.ts'
import type { Bench, Row } from '../report.ts'
import { measureBoth, startSetting } from './compare-services.ts'
import { measureRuns, type RunsRound } from './measured-runs.ts'

const stepsPerRun = 10
const pauseMs = 50
/** How many runs go on at once, and the ratio of steps per second to reach and to aim at. */
const cases = [
  { atOnce: 100, goal: { reach: 0.9, aim: 1.2 } },
  { atOnce: 500, goal: { reach: 0.8, aim: 1.1 } },
]

/** Measures the steps of runs that go on at once, with a model that takes 50 ms, against the naive service. */
export const steps: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const setting = await startSetting(atEnd, { concurrency: 500, pauseMs })
    const rows: Row[] = []
    for (const { atOnce, goal } of cases) {
      const runs = { connections: 64, requests: quick ? 10 : atOnce, steps: stepsPerRun }
      const pairs = await measureBoth(setting.services, {
        rounds,
        progress: (text) => progress(`${atOnce} runs at once: ${text}`),
        measure: async (service) => perStep(await measureRuns(service, runs, setting)),
        figure: ({ perSecond }) => perSecond,
        unit: 'steps a second',
      })
      const row = (what: string, figure: (round: RunsRound) => number): Row => ({
        what: `${atOnce} at once: ${what}`,
        ...compare(pairs, figure),
      })
      rows.push(
        { ...row('steps a second', ({ perSecond }) => perSecond), goal },
        row('CPU of the worker, µs a step', ({ workerCpu }) => workerCpu),
        ...redisRows(pairs, { prefix: `${atOnce} at once: `, unit: 'a step' }),
      )
    }
    return { rows, notes: [] }
  })

function perStep({ perSecond, ...each }: RunsRound): RunsRound {
  const { apiCpu, workerCpu, redisCpu, commands, bytes } = each
  return {
    perSecond: perSecond * stepsPerRun,
    apiCpu: apiCpu / stepsPerRun,
    workerCpu: workerCpu / stepsPerRun,
    redisCpu: redisCpu / stepsPerRun,
    commands: commands / stepsPerRun,
    bytes: bytes / stepsPerRun,
  }
}
