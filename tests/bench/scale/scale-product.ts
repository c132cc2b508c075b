import { connect } from '@longhaul/redis'
import { type AppProcess, startChild, startRedisCluster } from '@longhaul/testbed/servers'
import type { Redis } from 'ioredis'
import { type LoadGenerator, startLoadGenerator } from '../load/load.ts'
import { startBenchRedis, type Work, workOf } from '../measure/bench-redis.ts'
import { cpuTime } from '../measure/cpu-time.ts'
import { forget } from '../measure/delete-keys.ts'
import { modelMain, type Service } from '../naive/both-services.ts'
import { createAgent, start } from '../product.ts'

/** How long the model takes, and how many turns a worker runs at once. */
export const modelMs = 200
export const slots = 20

/** A server, or a cluster of several primaries. */
export type ScaleRedis = {
  url: string
  nodes: Redis[]
  /** A connection that finds the primary of each key. */
  all: Redis
  work: () => Promise<Work>
}

type AtEnd = (step: () => unknown) => void

export async function startOneRedis(atEnd: AtEnd): Promise<ScaleRedis> {
  const { url, redis, work, stop } = await startBenchRedis()
  atEnd(stop)
  return { url, nodes: [redis], all: redis, work }
}

export async function startClusterOfThree(atEnd: AtEnd): Promise<ScaleRedis> {
  const { url, nodes, stop } = await startRedisCluster({
    flags: ['--auto-aof-rewrite-percentage', '0'],
  })
  atEnd(stop)
  const addresses = nodes.map(({ server: { port } }) => ({ host: '127.0.0.1', port }))
  const all = connect(
    { cluster: addresses, db: 0, tls: false },
    { role: 'work', onError: () => {} },
  )
  atEnd(() => all.disconnect())
  return {
    url,
    nodes: nodes.map(({ redis }) => redis),
    all,
    async work() {
      const works = nodes.map(({ server, redis }) => workOf(server.pid ?? 0, redis))
      return (await Promise.all(works)).reduce(sum)
    },
  }
}

function sum(a: Work, b: Work): Work {
  return {
    commands: a.commands + b.commands,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    cpu: a.cpu + b.cpu,
  }
}

export type ScaleSetting = Awaited<ReturnType<typeof startScaleSetting>>

/** The product over a Redis, with an API and a model, and as many workers as a round needs. */
export async function startScaleSetting(redis: ScaleRedis, shards: number, atEnd: AtEnd) {
  const model = await startChild(modelMain, { PAUSE_MS: String(modelMs) })
  atEnd(() => model.stop())
  const load: LoadGenerator = await startLoadGenerator()
  atEnd(() => load.stop())
  const env = {
    OPENAI_BASE_URL: String(model.ready),
    OPENAI_API_KEY: 'bench',
    LONGHAUL_CONCURRENCY: String(slots),
    LONGHAUL_SHARDS: String(shards),
    LONGHAUL_LIMITS: JSON.stringify({ spread: shards }),
  }
  const api = await start('api', redis.url, { env })
  atEnd(() => api.stop())
  await createAgent(api.url, { model: 'openai/bench' })
  const workers: AppProcess[] = []
  atEnd(() => Promise.all(workers.map((worker) => worker.stop())))
  const tags = Array.from({ length: shards }, (_, shard) => `{lh:s${shard}}`)
  const service: Service = {
    url: api.url,
    cpu: () => ({
      api: cpuTime(api.pid),
      worker: workers.reduce((all, { pid }) => all + cpuTime(pid), 0),
    }),
    async ended() {
      const counts = await Promise.all(tags.map((tag) => redis.all.zcard(`${tag}:forget`)))
      return counts.reduce((all, count) => all + count, 0)
    },
    async reset() {
      for (const tag of tags) for (const node of redis.nodes) await forget(node, `${tag}:*`)
    },
  }
  return {
    redis,
    load,
    service,
    /** Starts or stops workers until there are so many. */
    haveWorkers: async (count: number): Promise<void> => {
      const missing = Math.max(0, count - workers.length)
      const started = Array.from({ length: missing }, () => start('worker', redis.url, { env }))
      workers.push(...(await Promise.all(started)))
      await Promise.all(workers.splice(count).map((worker) => worker.stop()))
    },
  }
}
