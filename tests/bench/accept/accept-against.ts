import { withCleanup, type Installation } from '@longhaul/testbed/servers'
import { type BenchRedis, startBenchRedis } from '../measure/bench-redis.ts'
import { cpuTime } from '../measure/cpu-time.ts'
import { type LoadGenerator, startLoadGenerator } from '../load/load.ts'
import { compareVersions, type VersionBench } from '../measure/compare-versions.ts'
import { createAgent, request, start } from '../product.ts'
import { whenIdle } from '../measure/when-idle.ts'

/** The figures of a round; all but the first two are per request. CPU in microseconds. */
type Round = { perSecond: number; p50: number; apiCpu: number; redisCpu: number; commands: number }

/** Measures a background POST against that of another version. No worker runs. */
export const acceptAgainst: VersionBench = (options) =>
  withCleanup(async (atEnd) => {
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    const warmUp = options.quick ? { requests: 50, ms: 2_000 } : { requests: 50_000, ms: 1_500 }
    const size = options.quick ? { requests: 200, ms: 2_000 } : { requests: 50_000, ms: 2_500 }
    return await compareVersions(options, {
      unit: 'requests a second',
      round: (installation) => runRound(installation, { load, warmUp, size }),
      figures: {
        'requests a second': (round: Round) => round.perSecond,
        'p50, ms': (round) => round.p50,
        'CPU of the API, µs each': (round) => round.apiCpu,
        'CPU of Redis, µs each': (round) => round.redisCpu,
        'Redis commands each': (round) => round.commands,
      },
    })
  })

type Size = { requests: number; ms: number }
type Options = { load: LoadGenerator; warmUp: Size; size: Size }

/** Starts a process and a Redis for each round, so that rounds are independent. */
function runRound(
  installation: Installation | undefined,
  { load, warmUp, size }: Options,
): Promise<Round> {
  return withCleanup(async (atEnd) => {
    const redis: BenchRedis = await startBenchRedis()
    atEnd(() => redis.stop())
    const api = await start('api', redis.url, { installation })
    atEnd(() => api.stop())
    await createAgent(api.url)
    const sent = { ...request, url: api.url + request.path, connections: 64 }
    await load.run({ ...sent, ...warmUp })
    await whenIdle(redis)

    const before = { api: cpuTime(api.pid), ...(await redis.work()) }
    const result = await load.run({ ...sent, ...size })
    // The work after the replies counts, too.
    await whenIdle(redis)
    const after = { api: cpuTime(api.pid), ...(await redis.work()) }
    return {
      perSecond: (result.requests * 1_000) / result.ms,
      p50: result.p50,
      apiCpu: ((after.api - before.api) * 1_000) / result.requests,
      redisCpu: ((after.cpu - before.cpu) * 1_000) / result.requests,
      commands: (after.commands - before.commands) / result.requests,
    }
  })
}
