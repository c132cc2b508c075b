import { type Child, startChild } from '@longhaul/testbed/servers'
import type { LoadGenerator, LoadResult } from '../load/load.ts'
import type { BenchRedis } from '../measure/bench-redis.ts'
import { cpuTime } from '../measure/cpu-time.ts'
import { forget, naiveJobs, naiveTasks, tasksAndJobs } from '../measure/delete-keys.ts'
import type { Pair } from '../measure/rounds.ts'
import { createAgent, request, start } from '../product.ts'

/** The worker of each service, the time that the model takes, and the size of its answer. */
export type WorkerOptions = { concurrency: number; pauseMs?: number; answerBytes?: number }

type Options = {
  redis: BenchRedis
  atEnd: (step: () => unknown) => void
  /** Without workers, tasks wait. */
  worker?: WorkerOptions
}

/** One of the two services: an API and, where it was started, a worker. */
export type Service = {
  url: string
  /** The CPU time of each process so far, in milliseconds. */
  cpu: () => { api: number; worker: number }
  /** How many tasks have ended since the last `reset`. */
  ended: () => Promise<number>
  /** Deletes all tasks and jobs. */
  reset: () => Promise<void>
}

const naiveApi = new URL('./naive-api-main.ts', import.meta.url)
const naiveWorker = new URL('./naive-worker-main.ts', import.meta.url)
export const modelMain = new URL('../load/model-main.ts', import.meta.url)

/** Starts the product and the naive service over one Redis, with one model. */
export async function startServices({ redis, atEnd, worker }: Options): Promise<Pair<Service>> {
  async function child(file: URL, env: Record<string, string>): Promise<Child> {
    const started = await startChild(file, { REDIS_URL: redis.url, ...env })
    atEnd(() => started.stop())
    return started
  }
  async function product(app: 'api' | 'worker', env: Record<string, string>) {
    const started = await start(app, redis.url, { env })
    atEnd(() => started.stop())
    return started
  }

  const concurrency = String(worker?.concurrency)
  const model = worker && (await child(modelMain, environmentOfModel(worker)))
  const vendor = { OPENAI_BASE_URL: String(model?.ready), OPENAI_API_KEY: 'bench' }
  const api = await product('api', worker ? vendor : {})
  const theirApi = await child(naiveApi, {})
  const ourWorker =
    worker && (await product('worker', { ...vendor, LONGHAUL_CONCURRENCY: concurrency }))
  const theirWorker = worker && (await child(naiveWorker, { ...vendor, CONCURRENCY: concurrency }))
  const agent = { model: 'openai/bench', tools: [{ type: 'current_date' }] }
  await createAgent(api.url, worker ? agent : {})

  const { redis: client } = redis
  return {
    ours: {
      url: api.url,
      cpu: () => ({ api: cpuTime(api.pid), worker: cpuTime(ourWorker?.pid ?? 0) }),
      ended: () => client.zcard('{lh:s0}:forget'),
      reset: () => forget(client, tasksAndJobs),
    },
    reference: {
      url: String(theirApi.ready),
      cpu: () => ({ api: cpuTime(theirApi.pid), worker: cpuTime(theirWorker?.pid ?? 0) }),
      ended: () => client.zcard('bull:naive:completed'),
      async reset() {
        await forget(client, naiveJobs)
        await forget(client, naiveTasks)
      },
    },
  }
}

function environmentOfModel({ pauseMs = 0, answerBytes }: WorkerOptions): Record<string, string> {
  return {
    PAUSE_MS: String(pauseMs),
    ...(answerBytes !== undefined && { ANSWER_BYTES: String(answerBytes) }),
  }
}

/** How a load is sent: over how many connections, and how many requests or milliseconds it takes at most. */
export type Size = { connections: number; requests: number; ms: number }

/** Submits tasks. Those in the background are answered at once, the others at their end. */
export function submitAll(
  load: LoadGenerator,
  { url }: Pick<Service, 'url'>,
  { steps = 1, background, ...size }: Size & { steps?: number; background: boolean },
): Promise<LoadResult> {
  const parts = [{ kind: 'text', text: `steps: ${steps}. ${request.text}` }]
  const body = { ...request.fields, message: { role: 'user', parts }, background }
  const { path, headers } = request
  return load.run({ headers, ...size, url: url + path, body: JSON.stringify(body) })
}
