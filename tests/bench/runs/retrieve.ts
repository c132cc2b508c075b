import { withCleanup } from '@longhaul/testbed/servers'
import type { LoadGenerator } from '../load/load.ts'
import type { BenchRedis } from '../measure/bench-redis.ts'
import { measureRedis, redisRows, type RedisWork } from '../measure/redis-work.ts'
import { compare } from '../measure/rounds.ts'
import type { Service, Size } from '../naive/both-services.ts'
import { request, runToEnd } from '../product.ts'
import type { Bench } from '../report.ts'
import { measureBoth, startSetting } from './compare-services.ts'

/** CPU in microseconds per request. */
type Round = RedisWork & { perSecond: number; p50: number; apiCpu: number }

/** Measures a GET of an ended task against the naive service. */
export const retrieve: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const { redis, load, services } = await startSetting(atEnd, { concurrency: 10 })
    const { ours, reference } = services
    const paths = new Map([
      [ours, await runToEnd(ours.url)],
      [reference, await runToEnd(reference.url)],
    ])
    const size = quick ? { requests: 200, ms: 2_000 } : { requests: 50_000, ms: 2_500 }
    const pairs = await measureBoth(services, {
      rounds,
      progress,
      measure: (service) =>
        runRound(service, paths.get(service) ?? '', { redis, load, connections: 32, ...size }),
      figure: ({ perSecond }) => perSecond,
      unit: 'requests a second',
    })
    const rate = compare(pairs, ({ perSecond }) => perSecond)
    return {
      rows: [
        { what: 'requests a second', ...rate, goal: { reach: 1.2, aim: 1.6 } },
        { what: 'p50, ms', ...compare(pairs, ({ p50 }) => p50) },
        { what: 'CPU of the API, µs each', ...compare(pairs, ({ apiCpu }) => apiCpu) },
        ...redisRows(pairs),
      ],
      notes: [],
    }
  })

async function runRound(
  service: Service,
  path: string,
  { redis, load, ...size }: Size & { redis: BenchRedis; load: LoadGenerator },
): Promise<Round> {
  const workOfRedis = await measureRedis(redis)
  const before = service.cpu()
  const { headers } = request
  const { requests, ms, p50 } = await load.run({ url: service.url + path, headers, ...size })
  return {
    perSecond: (requests * 1_000) / ms,
    p50,
    apiCpu: ((service.cpu().api - before.api) * 1_000) / requests,
    ...(await workOfRedis(requests)),
  }
}
