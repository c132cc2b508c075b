import { type BenchRedis, startBenchRedis } from '../measure/bench-redis.ts'
import { withCleanup, startChild } from '@longhaul/testbed/servers'
import { cpuTime } from '../measure/cpu-time.ts'
import { forget, naiveJobs, naiveTasks, tasksAndJobs } from '../measure/delete-keys.ts'
import { type LoadGenerator, type LoadResult, startLoadGenerator } from '../load/load.ts'
import { createAgent, request, start, submit } from '../product.ts'
import type { Bench, Report } from '../report.ts'
import { measureRedis, redisRows, type RedisWork } from '../measure/redis-work.ts'
import { roundTrips } from '../measure/round-trips.ts'
import { alternate, compare, median, type Pair } from '../measure/rounds.ts'
import { until } from '../until.ts'

/** CPU in microseconds per request. `late` jobs were not yet in the queue at the last reply. */
type Round = LoadResult & RedisWork & { perSecond: number; serverCpu: number; late: number }

/**
 * Measures a background POST against the naive route, which does far less: it has no keys, no agents and no
 * readable tasks, and logs nothing. No worker runs.
 */
export const accept: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const api = await start('api', redis.url)
    atEnd(() => api.stop())
    const naive = await startChild(new URL('../naive/naive-api-main.ts', import.meta.url), {
      REDIS_URL: redis.url,
    })
    atEnd(() => naive.stop())
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    await createAgent(api.url)

    const size = quick ? { requests: 200, ms: 2_000 } : { requests: 50_000, ms: 2_500 }
    const { redis: client } = redis
    const ours = {
      pid: api.pid,
      url: api.url,
      waiting: () => client.zcard('{lh:s0}:backlog:bench:'),
    }
    const reference = {
      pid: naive.pid,
      url: String(naive.ready),
      waiting: () => client.llen('bull:naive:wait'),
    }
    const sides = {
      async ours() {
        return await runRound(ours, { redis, load, ...size })
      },
      reference: () => runRound(reference, { redis, load, ...size }),
    }
    progress('warming up')
    await sides.ours()
    await sides.reference()
    const pairs = await alternate(rounds, sides, (round, pair) => {
      const rates = [pair.ours, pair.reference].map(({ perSecond }) => Math.round(perSecond))
      progress(`round ${round} of ${rounds}: ${rates.join(' against ')} requests a second`)
    })
    return report(pairs, await roundTripsOfOurs(redis.url))
  })

type Side = { pid: number; url: string; waiting: () => Promise<number> }
type Tools = { redis: BenchRedis; load: LoadGenerator; requests: number; ms: number }

async function runRound({ pid, url, waiting }: Side, tools: Tools): Promise<Round> {
  const { requests, ms, load } = tools
  const { redis } = tools.redis
  await forget(redis, tasksAndJobs)
  await forget(redis, naiveJobs)
  await forget(redis, naiveTasks)

  const workOfRedis = await measureRedis(tools.redis)
  const before = cpuTime(pid)
  const sent = { ...request, url: url + request.path, connections: 64, requests, ms }
  const result = await load.run(sent)
  const late = result.requests - (await waiting())
  await until(async () => (await waiting()) === result.requests)
  const each = (total: number) => (total * 1_000) / result.requests
  return {
    ...result,
    cpu: each(result.cpu),
    serverCpu: each(cpuTime(pid) - before),
    ...(await workOfRedis(result.requests)),
    perSecond: (result.requests * 1_000) / result.ms,
    late,
  }
}

function roundTripsOfOurs(redisUrl: string): Promise<number> {
  return roundTrips(redisUrl, async (url) => {
    const api = await start('api', url)
    return { request: () => submit(api.url), close: () => api.stop() }
  })
}

function report(pairs: Pair<Round>[], trips: number): Report {
  const rate = compare(pairs, (round) => round.perSecond)
  const p50 = compare(pairs, (round) => round.p50)
  const late = median(pairs.map(({ ours }) => ours.late))
  return {
    rows: [
      { what: 'requests a second', ...rate, goal: { reach: 1, aim: 1.3 } },
      { what: 'p50, ms', ...p50, goal: { reach: 1, aim: 0.8 } },
      { what: 'p99, ms', ...compare(pairs, (round) => round.p99) },
      { what: 'CPU of the server, µs each', ...compare(pairs, (round) => round.serverCpu) },
      ...redisRows(pairs, { goal: { reach: 1.1, aim: 0.9 } }),
      { what: 'CPU of the client, µs each', ...compare(pairs, (round) => round.cpu) },
    ],
    notes: [
      `Redis round trips before the reply: ${trips} (to reach 2, to aim at 1)`,
      `jobs not yet in the queue at the last reply: ${late}`,
    ],
  }
}
