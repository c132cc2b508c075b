import { withCleanup } from '@longhaul/testbed/servers'
import type { LoadGenerator } from '../load/load.ts'
import type { BenchRedis } from '../measure/bench-redis.ts'
import { measureRedis, redisRows, type RedisWork } from '../measure/redis-work.ts'
import { compare, type Pair } from '../measure/rounds.ts'
import { type Service, type Size, submitAll } from '../naive/both-services.ts'
import type { Bench, Row } from '../report.ts'
import { measureBoth, startSetting } from './compare-services.ts'

/** CPU in microseconds per run. */
type Round = RedisWork & { perSecond: number; p50: number; apiCpu: number; workerCpu: number }

/** Measures synchronous runs of one model call, by 32 clients and by one, against the naive service. */
export const sync: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const { redis, load, services } = await startSetting(atEnd, { concurrency: 100 })
    const size = quick ? { requests: 40, ms: 5_000 } : { requests: 20_000, ms: 2_500 }
    const measure = (connections: number): Promise<Pair<Round>[]> =>
      measureBoth(services, {
        rounds,
        progress: (text) => progress(`${connections} connections: ${text}`),
        measure: (service) => runRound(service, { ...size, connections }, { redis, load }),
        figure: ({ perSecond }) => perSecond,
        unit: 'runs a second',
      })
    const [many, alone] = [await measure(32), await measure(1)]
    const rate = compare(many, ({ perSecond }) => perSecond)
    const p50 = compare(alone, (round) => round.p50)
    return {
      rows: [
        { what: '32 clients: runs a second', ...rate, goal: { reach: 0.9, aim: 1.3 } },
        ...cpuRows('32 clients', many),
        ...redisRows(many, { prefix: '32 clients: ' }),
        { what: 'alone: p50, ms', ...p50, goal: { reach: 1.2, aim: 1 } },
        ...cpuRows('alone', alone),
        ...redisRows(alone, { prefix: 'alone: ' }),
      ],
      notes: [],
    }
  })

function cpuRows(name: string, pairs: Pair<Round>[]): Row[] {
  return [
    { what: `${name}: CPU of the API, µs each`, ...compare(pairs, ({ apiCpu }) => apiCpu) },
    {
      what: `${name}: CPU of the worker, µs each`,
      ...compare(pairs, ({ workerCpu }) => workerCpu),
    },
  ]
}

/** The tasks stay: an API that waits for an end does not notice that its streams are deleted. */
async function runRound(
  service: Service,
  size: Size,
  { redis, load }: { redis: BenchRedis; load: LoadGenerator },
): Promise<Round> {
  const workOfRedis = await measureRedis(redis)
  const before = service.cpu()
  const { requests, ms, p50 } = await submitAll(load, service, { ...size, background: false })
  const after = service.cpu()
  return {
    perSecond: (requests * 1_000) / ms,
    p50,
    apiCpu: ((after.api - before.api) * 1_000) / requests,
    workerCpu: ((after.worker - before.worker) * 1_000) / requests,
    ...(await workOfRedis(requests)),
  }
}
