import { Redis } from 'ioredis'
import { type AppProcess, startApp } from '../processes/app-process.ts'
import { type ScriptedModel, startScriptedModel } from '../vendors/scripted-model.ts'

/** The product as it runs: API and worker processes over a real Redis, with a scripted vendor behind `openai/`, `anthropic/` and `google/`. */
export type Stack = {
  url: string
  /** The database of its Redis. */
  redisUrl: string
  /** The name and the API key of its workspace. */
  workspace: string
  key: string
  /** The API key of another workspace. */
  strangersKey: string
  model: ScriptedModel
  api: AppProcess
  workers: AppProcess[]
  startWorker: (env?: Record<string, string>) => Promise<AppProcess>
  /** A further API process, beside the one at `url`. */
  startApi: (env?: Record<string, string>) => Promise<AppProcess>
  /** A request with the key that its path needs. */
  call: Call
  /**
   * As if every worker had been silent for a minute: the leases of running turns have run out, and the
   * next pass of a worker takes them over. For turns whose worker is dead.
   */
  expireLeases(): Promise<void>
  /** Kills its workers and further API processes, but these. */
  killAllBut(kept: AppProcess[]): Promise<void>
  /** Kills all of it. */
  kill(): Promise<void>
  /** Shuts all of it down as an operator does. */
  stop(): Promise<void>
}

type Call = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: Record<string, unknown> }>

export const testKey = 'lh_0123456789abcdef_for-tests-only'
/** The key of a second workspace, which tests use as a stranger. */
export const strangersKey = 'lh_fedcba9876543210_for-tests-too'
/** Both of them, as `LONGHAUL_API_KEYS` has them. */
export const apiKeys = `test:${testKey},strangers:${strangersKey}`
export const testOperatorKey = 'an-operator-key-for-tests-only'

/** The key that a path of the API needs. */
export function keyFor(path: string, key = testKey): string {
  return /^\/v2\/admin(?:[/?]|$)/.test(path) ? testOperatorKey : key
}

/** Requests of the holder of a key, with a JSON body; `body` of the answer is parsed where it is JSON. */
export function callWith(url: string, key: string): Call {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${keyFor(path, key)}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
}

type Options = { redisUrl: string; workers?: number; env?: Record<string, string> }

export async function startStack({ redisUrl, workers = 1, env = {} }: Options): Promise<Stack> {
  const model = await startScriptedModel()
  const common = {
    REDIS_URL: redisUrl,
    LONGHAUL_API_KEYS: apiKeys,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'sk-test',
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: 'sk-ant-test',
    GOOGLE_BASE_URL: model.googleUrl,
    GOOGLE_API_KEY: 'test',
    LONGHAUL_UNSAFE_REDIS: '1',
    ...env,
  }
  const workerProcesses: AppProcess[] = []
  const apiProcesses: AppProcess[] = []
  const startWorker = async (more: Record<string, string> = {}) => {
    const worker = await startApp('worker', { ...common, ...more })
    workerProcesses.push(worker)
    return worker
  }
  const startApi = async (more: Record<string, string> = {}) => {
    const another = await startApp('api', { ...common, ...more })
    apiProcesses.push(another)
    return another
  }
  const everyProcess = () => [...apiProcesses, ...workerProcesses]
  const [api] = await Promise.all([
    startApi(),
    ...Array.from({ length: workers }, () => startWorker()),
  ]).catch(async (error: unknown) => {
    await Promise.all(everyProcess().map((each) => each.kill()))
    await model.close()
    throw error
  })
  return {
    url: api.url,
    redisUrl,
    workspace: 'test',
    key: testKey,
    strangersKey,
    model,
    api,
    workers: workerProcesses,
    startWorker,
    startApi,
    call: callWith(api.url, testKey),
    async expireLeases() {
      const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
      const silentSince = Date.now() - 60_000
      for (const set of ['{lh:s0}:leases', '{lh:s0}:workers']) {
        const members = await redis.zrange(set, '0', '-1')
        await Promise.all(members.map((member) => redis.zadd(set, 'XX', silentSince, member)))
      }
      redis.disconnect()
    },
    async killAllBut(kept) {
      const ending = everyProcess().filter((each) => each !== api && !kept.includes(each))
      await Promise.all(ending.map((each) => each.kill()))
      for (const list of [apiProcesses, workerProcesses]) {
        list.splice(0, list.length, ...list.filter((each) => !ending.includes(each)))
      }
    },
    async kill() {
      await Promise.all(everyProcess().map((each) => each.kill()))
      await model.close()
    },
    async stop() {
      await Promise.all(everyProcess().map((each) => each.stop()))
      await model.close()
    },
  }
}
