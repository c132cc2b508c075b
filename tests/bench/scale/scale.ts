import { withCleanup } from '@longhaul/testbed/servers'
import { measureRedis } from '../measure/redis-work.ts'
import { compare, median } from '../measure/rounds.ts'
import { submitAll } from '../naive/both-services.ts'
import { pause } from '../product.ts'
import type { Bench, Row } from '../report.ts'
import type { RunsRound } from '../runs/measured-runs.ts'
import { until } from '../until.ts'
import {
  modelMs,
  type ScaleSetting,
  slots,
  startClusterOfThree,
  startOneRedis,
  startScaleSetting,
} from './scale-product.ts'

/** Each is compared with one worker. */
const workerCounts = [1, 2, 4, 8]
const shardCounts = [1, 2, 3]
const workersOfShards = 4

/** How many times all slots of the workers are used in a round. */
const waves = 10
/** The longest time of a round, milliseconds. */
const longest = 300_000

type Options = Parameters<Bench>[0]

/**
 * Measures queued runs with 1, 2, 4 and 8 workers, and with 1, 2 and 3 shards on a cluster of three primaries against one
 * server. Each worker has 20 slots, and the model takes 200 ms.
 */
export const scale: Bench = async (options) => {
  const ofWorkers = await measureWorkers(options)
  const ofShards = await measureShards(options)
  return {
    rows: [...ofWorkers, ...ofShards],
    notes: [
      `reference of the workers: one worker; of "runs a second", a linear multiple of it`,
      `at most ${(slots * 1_000) / modelMs} runs a second for each worker; all processes share the cores of one machine`,
      'the runs are queued before, so all slots are busy: a turn that finds a free slot needs a ticket of its own, about 40 commands more',
      `reference of the shards: one server with one shard; ${workersOfShards} workers`,
      'Redis commands a run with more workers, as a multiple of those with one: to reach 1.1',
    ],
  }
}

function measureWorkers({ rounds, quick, progress }: Options): Promise<Row[]> {
  return withCleanup(async (atEnd) => {
    const setting = await startScaleSetting(await startOneRedis(atEnd), 1, atEnd)
    const found = new Map<number, RunsRound[]>(workerCounts.map((count) => [count, []]))
    for (let round = 1; round <= rounds; round += 1) {
      for (const [count, figures] of found) {
        figures.push(await measure(setting, count, quick))
        const { perSecond, commands } = figures.at(-1) ?? { perSecond: 0, commands: 0 }
        progress(
          `round ${round} of ${rounds}, ${count} workers: ${Math.round(perSecond)} runs a second, ${commands.toFixed(1)} commands each`,
        )
      }
    }
    return workerCounts.slice(1).flatMap((count) => {
      const pairs = pairsOf(found.get(count), found.get(1))
      return [
        {
          what: `${count} workers: runs a second`,
          ...compare(
            pairs.map(({ ours, reference }) => ({
              ours: ours.perSecond,
              reference: count * reference.perSecond,
            })),
            (figure) => figure,
          ),
        },
        {
          what: `${count} workers: Redis commands a run`,
          ...compare(pairs, ({ commands }) => commands),
          goal: { reach: 1.1, aim: 1 },
        },
        {
          what: `${count} workers: CPU of the workers a run, µs`,
          ...compare(pairs, ({ workerCpu }) => workerCpu),
        },
      ]
    })
  })
}

async function measureShards(options: Options): Promise<Row[]> {
  const { rounds, quick, progress } = options
  const one = await measureAll('one server', startOneRedis, 1, options)
  const rows: Row[] = []
  for (const shards of shardCounts) {
    const name = `cluster, shards: ${shards}`
    const figures = await measureAll(name, startClusterOfThree, shards, { rounds, quick, progress })
    const pairs = pairsOf(figures, one)
    rows.push(
      { what: `${name}: runs a second`, ...compare(pairs, ({ perSecond }) => perSecond) },
      { what: `${name}: Redis commands a run`, ...compare(pairs, ({ commands }) => commands) },
      { what: `${name}: CPU of Redis a run, µs`, ...compare(pairs, ({ redisCpu }) => redisCpu) },
    )
  }
  return rows
}

function measureAll(
  name: string,
  startStore: typeof startOneRedis,
  shards: number,
  { rounds, quick, progress }: Options,
): Promise<RunsRound[]> {
  return withCleanup(async (atEnd) => {
    const setting = await startScaleSetting(await startStore(atEnd), shards, atEnd)
    const figures: RunsRound[] = []
    for (let round = 1; round <= rounds; round += 1) {
      figures.push(await measure(setting, workersOfShards, quick))
    }
    progress(
      `${name}: ${Math.round(median(figures.map(({ perSecond }) => perSecond)))} runs a second`,
    )
    return figures
  })
}

/** One round with so many workers, after a short one that does not count. */
async function measure(setting: ScaleSetting, workers: number, quick: boolean): Promise<RunsRound> {
  await setting.haveWorkers(workers)
  await measureQueued(setting, workers * slots)
  return await measureQueued(setting, workers * slots * (quick ? 2 : waves))
}

/** Submits runs while none may start, and measures from then to the end of the last one. */
async function measureQueued(
  { service, redis, load }: ScaleSetting,
  requests: number,
): Promise<RunsRound> {
  await service.reset()
  await pause(service.url, true)
  await submitAll(load, service, { connections: 64, requests, background: true, ms: longest })
  const workOfRedis = await measureRedis(redis)
  const before = service.cpu()
  const startedAt = performance.now()
  await pause(service.url, false)
  await until(async () => (await service.ended()) >= requests, 50, longest)
  const ms = performance.now() - startedAt
  const after = service.cpu()
  const each = (total: number) => (total * 1_000) / requests
  return {
    perSecond: (requests * 1_000) / ms,
    apiCpu: each(after.api - before.api),
    workerCpu: each(after.worker - before.worker),
    ...(await workOfRedis(requests)),
  }
}

function pairsOf(ours: RunsRound[] = [], reference: RunsRound[] = []) {
  return ours.flatMap((each, at) => {
    const other = reference[at]
    return other === undefined ? [] : [{ ours: each, reference: other }]
  })
}
