import { withCleanup, type Installation } from '@longhaul/testbed/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import { startBenchRedis } from '../measure/bench-redis.ts'
import { compareVersions, type VersionBench } from '../measure/compare-versions.ts'
import { cpuTime } from '../measure/cpu-time.ts'
import { type LoadGenerator, startLoadGenerator } from '../load/load.ts'
import { createAgent, pause, request, start } from '../product.ts'
import { whenIdle } from '../measure/when-idle.ts'

/** The figures of a round; all but the first are per turn, including its submission. CPU in microseconds. */
type Round = {
  perSecond: number
  apiCpu: number
  workerCpu: number
  redisCpu: number
  commands: number
}

/**
 * Measures whole turns with a model that answers at once, against those of another version. Versions may
 * differ in their queues, so a pause holds the turns, and the worker's metrics count them.
 */
export const turnAgainst: VersionBench = (options) =>
  withCleanup(async (atEnd) => {
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    const [warmUp, count] = options.quick ? [20, 100] : [1_500, 3_000]
    return await compareVersions(options, {
      unit: 'turns a second',
      round: (installation) => runRound(installation, { load, warmUp, count }),
      figures: {
        'turns a second': (round: Round) => round.perSecond,
        'CPU of the API, µs each': (round) => round.apiCpu,
        'CPU of the worker, µs each': (round) => round.workerCpu,
        'CPU of Redis, µs each': (round) => round.redisCpu,
        'Redis commands each': (round) => round.commands,
      },
    })
  })

type Options = { load: LoadGenerator; warmUp: number; count: number }

/** Starts processes and a Redis for each round, so that rounds are independent. */
function runRound(
  installation: Installation | undefined,
  { load, warmUp, count }: Options,
): Promise<Round> {
  return withCleanup(async (atEnd) => {
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const api = await start('api', redis.url, { installation })
    atEnd(() => api.stop())
    const worker = await start('worker', redis.url, { installation })
    atEnd(() => worker.stop())
    await createAgent(api.url)

    async function run(turns: number): Promise<number> {
      await pause(api.url, true)
      const sent = { ...request, url: api.url + request.path, connections: 32 }
      await load.run({ ...sent, requests: turns, ms: 60_000 })
      const before = await endedTurns(worker.url)
      const startedAt = performance.now()
      await pause(api.url, false)
      return await whenEnded(worker.url, { before, turns, startedAt })
    }

    async function work() {
      const { commands, cpu } = await redis.work()
      return { commands, redis: cpu, api: cpuTime(api.pid), worker: cpuTime(worker.pid) }
    }

    await run(warmUp)
    await whenIdle(redis)
    const before = await work()
    const ms = await run(count)
    await whenIdle(redis)
    const after = await work()
    const each = (name: keyof typeof after) => (after[name] - before[name]) / count
    return {
      perSecond: (count * 1_000) / ms,
      apiCpu: each('api') * 1_000,
      workerCpu: each('worker') * 1_000,
      redisCpu: each('redis') * 1_000,
      commands: each('commands'),
    }
  })
}

type ExpectedStep = { before: number; turns: number; startedAt: number }

/** Resolves with the time of all turns in milliseconds. Rejects after a minute. */
async function whenEnded(url: string, { before, turns, startedAt }: ExpectedStep): Promise<number> {
  let last = { ended: 0, ms: 0 }
  for (;;) {
    await sleep(100)
    const ended = (await endedTurns(url)) - before
    const ms = performance.now() - startedAt
    if (ended >= turns) return endBetween(last, { turns, ms })
    if (ms > 60_000) throw new Error(`only ${ended} of ${turns} turns ended within a minute`)
    last = { ended, ms }
  }
}

/** The time at which the last turn ended: between two polls, estimated from the speed before. */
function endBetween(
  last: { ended: number; ms: number },
  { turns, ms }: { turns: number; ms: number },
): number {
  if (last.ended === 0) return ms
  return Math.min(ms, (last.ms * turns) / last.ended)
}

async function endedTurns(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const counts = [...text.matchAll(/^longhaul_turns_ended_total\{status="(\w+)"\} (\d+)/gm)]
  const failed = counts.find(([, status]) => status !== 'completed')
  if (failed !== undefined) throw new Error(`${failed[2]} turns ended as ${failed[1]}`)
  return Number(counts[0]?.[2] ?? 0)
}
