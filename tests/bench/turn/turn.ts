import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { type BenchRedis, startBenchRedis } from '../measure/bench-redis.ts'
import { withCleanup, startChild } from '@longhaul/testbed/servers'
import { cpuTime } from '../measure/cpu-time.ts'
import { forget, naiveJobs, tasksAndJobs } from '../measure/delete-keys.ts'
import { type LoadGenerator, startLoadGenerator } from '../load/load.ts'
import { createAgent, pause, request, start } from '../product.ts'
import type { Bench, Report } from '../report.ts'
import { alternate, compare, median, type Pair } from '../measure/rounds.ts'
import { until } from '../until.ts'

/** The figures of a round; all but the first are per turn or job: work of Redis, CPU in microseconds, recorded facts. */
type Round = {
  perSecond: number
  commands: number
  bytesIn: number
  bytesOut: number
  redisCpu: number
  workerCpu: number
  facts: number
}

/**
 * Measures whole turns with a model that answers at once, against BullMQ jobs that do nothing. Each side has
 * one warm process with a concurrency of 100, which waits at a paused queue until the queue is full.
 */
export const turn: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const api = await start('api', redis.url)
    atEnd(() => api.stop())
    const worker = await start('worker', redis.url)
    atEnd(() => worker.stop())
    const noop = await startChild(new URL('./turn-reference.ts', import.meta.url), {
      REDIS_URL: redis.url,
    })
    atEnd(() => noop.stop())
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
    const noopQueue = new Queue('noop', { connection })
    atEnd(() => connection.disconnect())
    await createAgent(api.url)

    const count = quick ? 100 : 3_000
    const sides = {
      async ours() {
        const fill = () => submitTurns(api.url, count, load)
        return runRound({
          count,
          redis,
          pid: worker.pid,
          fill,
          pause: (paused) => pause(api.url, paused),
          waiting: () => redis.redis.zcard(backlog),
          running: () => redis.redis.zcard('{lh:s0}:leases'),
        })
      },
      reference() {
        const fill = () => addJobs(noopQueue, count)
        return runRound({
          count,
          redis,
          pid: noop.pid,
          fill,
          pause: (paused) => (paused ? noopQueue.pause() : noopQueue.resume()),
          waiting: () => redis.redis.llen(noopQueue.toKey('wait')),
          running: () => redis.redis.llen(noopQueue.toKey('active')),
        })
      },
    }
    progress('warming up')
    for (let warm = 0; warm < (quick ? 1 : 3); warm += 1) {
      await sides.ours()
      await sides.reference()
    }
    const pairs = await alternate(rounds, sides, (round, pair) => {
      const rates = [pair.ours, pair.reference].map(({ perSecond }) => Math.round(perSecond))
      progress(`round ${round} of ${rounds}: ${rates.join(' turns against ')} jobs a second`)
    })
    return report(pairs)
  })

async function submitTurns(url: string, requests: number, load: LoadGenerator): Promise<void> {
  await load.run({ ...request, url: url + request.path, connections: 32, requests, ms: 60_000 })
}

async function addJobs(queue: Queue, count: number): Promise<void> {
  const options = { removeOnComplete: true, removeOnFail: true }
  const jobs = Array.from({ length: count }, (_, at) => ({
    name: 'run',
    data: { taskId: '01JD0000000000000000000000', turn: at, segment: 1 },
    opts: options,
  }))
  await queue.addBulk(jobs)
}

/** The queued turns of the bench's workspace, which have no fairness key. */
const backlog = '{lh:s0}:backlog:bench:'

type Side = {
  count: number
  redis: BenchRedis
  pid: number
  fill: () => Promise<void>
  pause: (paused: boolean) => Promise<void>
  waiting: () => Promise<number>
  running: () => Promise<number>
}

async function runRound({ count, redis, pid, fill, ...side }: Side): Promise<Round> {
  await forget(redis.redis, tasksAndJobs)
  await forget(redis.redis, naiveJobs)
  await side.pause(true)
  await fill()
  await until(async () => (await side.waiting()) === count)

  const [before, cpuBefore] = [await redis.work(), cpuTime(pid)]
  const startedAt = performance.now()
  await side.pause(false)
  await until(async () => {
    const left = await Promise.all([side.waiting(), side.running()])
    return left.every((jobs) => jobs === 0)
  })
  const ms = performance.now() - startedAt
  const after = await redis.work()
  return {
    perSecond: (count * 1_000) / ms,
    commands: (after.commands - before.commands) / count,
    bytesIn: (after.bytesIn - before.bytesIn) / count,
    bytesOut: (after.bytesOut - before.bytesOut) / count,
    redisCpu: ((after.cpu - before.cpu) * 1_000) / count,
    workerCpu: ((cpuTime(pid) - cpuBefore) * 1_000) / count,
    facts: await countFacts(redis, count),
  }
}

/** The number of facts per turn. Checks by the head that the turn has ended. */
async function countFacts({ redis }: BenchRedis, count: number): Promise<number> {
  let facts = 0
  const heads = redis.scanStream({ match: '{lh:s0}:task:*', count: 1_000, type: 'hash' })
  for await (const keys of heads as AsyncIterable<string[]>) {
    for (const key of keys) {
      const status = await redis.hget(key, 'status')
      if (status !== 'completed') throw new Error(`a turn is ${status} after its job has ended`)
      facts += await redis.llen(`${key}:log`)
    }
  }
  return facts / count
}

function report(pairs: Pair<Round>[]): Report {
  const rate = compare(pairs, (round) => round.perSecond)
  const both = compare(pairs, ({ workerCpu, redisCpu }) => workerCpu + redisCpu)
  return {
    rows: [
      { what: 'turns (jobs) a second', ...rate },
      { what: 'CPU of worker and Redis, µs each', ...both, goal: { reach: 2, aim: 1.5 } },
      { what: 'Redis commands each', ...compare(pairs, (round) => round.commands) },
      { what: 'bytes into Redis each', ...compare(pairs, (round) => round.bytesIn) },
      { what: 'bytes out of Redis each', ...compare(pairs, (round) => round.bytesOut) },
      { what: 'CPU of Redis, µs each', ...compare(pairs, (round) => round.redisCpu) },
      { what: 'CPU of the worker, µs each', ...compare(pairs, (round) => round.workerCpu) },
    ],
    notes: [
      'Redis commands each, ours: to reach 42, to aim at 38',
      `facts a turn: ${median(pairs.map(({ ours }) => ours.facts))}`,
    ],
  }
}
