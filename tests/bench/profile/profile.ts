import { startChild, withCleanup } from '@longhaul/testbed/servers'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLoadGenerator } from '../load/load.ts'
import { type BenchRedis, startBenchRedis } from '../measure/bench-redis.ts'
import { modelMain, submitAll } from '../naive/both-services.ts'
import { createAgent, request, runToEnd } from '../product.ts'
import type { Bench, Share } from '../report.ts'
import { until } from '../until.ts'
import { type ProfiledProcess, startProfiled } from './profiled.ts'

const stepsPerRun = 10
/** Packages with a smaller part of the time are added up. */
const least = 0.01

/** Prints where the CPU time of a request, a run and a step goes: by package, and in Redis by command. */
export const profile: Bench = async ({ quick, progress }) => {
  const some = (count: number) => (quick ? 50 : count)
  const shares: Share[] = []

  progress('requests in the background')
  await withProduct(async ({ api, redis, submit }) => {
    const requests = some(10_000)
    const times = await api.profile(() => submit({ requests, background: true }))
    shares.push(...sharesOf('API, per request in the background', times, requests))
    shares.push(...(await redisShares(redis, 'Redis, per request in the background', requests)))
  })

  progress('reads of an ended task')
  await withProduct(async ({ api, load, start }) => {
    await start()
    const url = api.url + (await runToEnd(api.url))
    const requests = some(10_000)
    const { headers } = request
    const sent = { url, headers, connections: 32, requests, ms: 60_000 }
    const times = await api.profile(async () => void (await load.run(sent)))
    shares.push(...sharesOf('API, per read of an ended task', times, requests))
  })

  for (const [what, steps] of [
    ['run', 1],
    ['step', stepsPerRun],
  ] as const) {
    progress(steps === 1 ? 'runs of one step' : `runs of ${steps} steps`)
    await withProduct(async ({ redis, submit, start, ended }) => {
      const requests = some(2_000 / steps)
      const worker = await start()
      await redis.redis.config('RESETSTAT')
      const times = await worker.profile(async () => {
        await submit({ requests, steps, background: true })
        await until(async () => (await ended()) >= requests)
      })
      shares.push(...sharesOf(`worker, per ${what}`, times, requests * steps))
      shares.push(...(await redisShares(redis, `Redis, per ${what}`, requests * steps)))
    })
  }
  return {
    shares,
    notes: [
      'CPU of the main threads. The profiler itself makes everything slower by some percent.',
    ],
  }
}

type Sent = { requests: number; steps?: number; background: boolean }
type Product = {
  api: ProfiledProcess
  redis: BenchRedis
  load: Awaited<ReturnType<typeof startLoadGenerator>>
  submit: (sent: Sent) => Promise<void>
  /** Starts a worker. */
  start: () => Promise<ProfiledProcess>
  ended: () => Promise<number>
}

/** Starts an API that has served some requests, over a Redis of its own. */
async function withProduct(measure: (product: Product) => Promise<void>): Promise<void> {
  await withCleanup(async (atEnd) => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-profile-'))
    atEnd(() => rm(folder, { recursive: true, force: true }))
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    const model = await startChild(modelMain, {})
    atEnd(() => model.stop())
    const env = {
      OPENAI_BASE_URL: String(model.ready),
      OPENAI_API_KEY: 'bench',
      LONGHAUL_CONCURRENCY: '100',
    }
    const options = { redisUrl: redis.url, folder, env }
    const api = await startProfiled('api', options)
    atEnd(() => api.stop())
    await createAgent(api.url, { model: 'openai/bench', tools: [{ type: 'current_date' }] })
    const ended = () => redis.redis.zcard('{lh:s0}:forget')
    await measure({
      api,
      redis,
      load,
      async submit(sent) {
        await submitAll(load, api, { ...sent, connections: 64, ms: 60_000 })
      },
      async start() {
        const worker = await startProfiled('worker', options)
        atEnd(() => worker.stop())
        await runToEnd(api.url)
        return worker
      },
      ended,
    })
  })
}

/** The larger parts, and the others added up. */
function sharesOf(where: string, times: [string, number][], units: number): Share[] {
  const all = sum(times)
  const large = times.filter(([, time]) => time >= all * least)
  const rest = all - sum(large)
  return [...large, ['others', rest] as const].map(([what, time]) => ({
    where,
    what,
    each: time / units,
    share: time / all,
  }))
}

/** By command, with those in scripts. What scripts take besides their commands is Lua itself. */
async function redisShares({ redis }: BenchRedis, where: string, units: number): Promise<Share[]> {
  const info = await redis.info('commandstats')
  const found = [...info.matchAll(/^cmdstat_(.+?):calls=\d+,usec=(\d+)/gm)]
  const times = found.map(([, name = '', time]): [string, number] => [name, Number(time)])
  const commands = times.filter((each) => !isScript(each))
  const lua = Math.max(0, sum(times.filter(isScript)) - sum(commands))
  const parts: [string, number][] = [['Lua', lua], ...commands]
  return sharesOf(
    where,
    parts.toSorted(([, one], [, other]) => other - one),
    units,
  )
}

function isScript([name]: [string, number]): boolean {
  return name.startsWith('eval') || name === 'fcall'
}

function sum(times: [string, number][]): number {
  return times.reduce((all, [, time]) => all + time, 0)
}
