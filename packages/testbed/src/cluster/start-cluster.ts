import type { Installation } from '../processes/app-process.ts'
import { startRedis } from '../redis/redis-server.ts'
import { type ScriptedModel, startScriptedModel } from '../vendors/scripted-model.ts'
import { apiKeys, type Call, callWith, strangersKey, testKey, testOperatorKey } from './call-api.ts'
import { expireLeases } from './expire-leases.ts'
import {
  type ClusterProcess,
  createProcessManager,
  type Env,
  type EnvOf,
  type ProcessManager,
} from './process-manager.ts'

type RedisServer = Awaited<ReturnType<typeof startRedis>>

export type ClusterOptions = {
  /** An existing Redis. Without it the cluster starts one, which ends with the cluster. */
  redisUrl?: string | undefined
  /** The options of the cluster's own Redis. */
  redis?: { flags?: string[]; under?: string[] }
  /** An existing model vendor. Without it the cluster starts one, which ends with the cluster. */
  model?: ScriptedModel
  apis?: number
  workers?: number
  /** Further variables in the environment of each process. */
  env?: EnvOf
  /** The version to start; this one by default. */
  installation?: Installation | undefined
  /** Called when a process has ended by itself, without `kill` or `stop`. */
  onLoss?: (lost: ClusterProcess, code: number | null) => void
}

/**
 * The running product: API and worker processes over a real Redis, with a scripted vendor behind `openai/`,
 * `anthropic/` and `google/`. Each process can be killed, stopped, paused and resumed by itself.
 */
export type Cluster = {
  /** The URL of its first API. */
  url: string
  redisUrl: string
  /** Its own Redis; undefined if it uses an existing one. */
  redis: RedisServer | undefined
  /** The name and the API key of its workspace. */
  workspace: string
  key: string
  /** The API key of another workspace. */
  strangersKey: string
  model: ScriptedModel
  api: ClusterProcess
  apis: ClusterProcess[]
  workers: ClusterProcess[]
  /** The log of every process so far, by name. */
  logs: ProcessManager['logs']
  startWorker: (env?: EnvOf) => Promise<ClusterProcess>
  /** Starts a further API process, in addition to the one at `url`. */
  startApi: (env?: EnvOf) => Promise<ClusterProcess>
  /** Kills a process and starts another one with the same environment. */
  restart: (old: ClusterProcess) => Promise<ClusterProcess>
  /** Sends a request with the key that its path needs. */
  call: Call
  /**
   * Makes the leases of all running turns expire, as if every worker had been silent for a minute: the
   * next pass of a worker takes the turns over. For turns whose worker is dead.
   */
  expireLeases(): Promise<void>
  /** Kills its workers and further API processes, except these. */
  killAllBut(kept: ClusterProcess[]): Promise<void>
  /** Kills all its processes. */
  kill(): Promise<void>
  /** Shuts all its processes down as an operator does. */
  stop(): Promise<void>
}

/** Starts a cluster, by default of one API and one worker. If the start fails, no process is left. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { apis = 1, workers = 1, env = {}, installation, onLoss } = options
  const redis = options.redisUrl === undefined ? await startRedis(options.redis) : undefined
  const redisUrl = options.redisUrl ?? redis?.url ?? ''
  const model = options.model ?? (await startScriptedModel())
  const manager = createProcessManager({
    baseEnv: baseEnvOf({ redisUrl, model, ownRedis: redis !== undefined }),
    env,
    installation,
    onLoss,
  })
  const startWorker = (more?: EnvOf) => manager.start('worker', more)
  const startApi = (more?: EnvOf) => manager.start('api', more)

  async function end(how: 'kill' | 'stop'): Promise<void> {
    await Promise.all(manager.all().map((each) => each[how]()))
    if (options.model === undefined) await model.close()
    await redis?.stop()
  }

  const starting = [
    ...Array.from({ length: apis }, () => startApi()),
    ...Array.from({ length: workers }, () => startWorker()),
  ]
  const [api] = await Promise.all(starting).catch(async (error: unknown) => {
    await Promise.allSettled(starting)
    await end('kill')
    throw error
  })
  if (api === undefined) throw new Error('a cluster needs a process')
  return {
    url: api.url,
    redisUrl,
    redis,
    workspace: 'test',
    key: testKey,
    strangersKey,
    model,
    api,
    apis: manager.apis,
    workers: manager.workers,
    logs: manager.logs,
    startWorker,
    startApi,
    restart: (old) => manager.restart(old),
    call: callWith(api.url, testKey),
    expireLeases: () => expireLeases(redisUrl),
    killAllBut: (kept) =>
      manager.killUnobserved(manager.all().filter((each) => each !== api && !kept.includes(each))),
    kill: () => end('kill'),
    stop: () => end('stop'),
  }
}

type Surroundings = { redisUrl: string; model: ScriptedModel; ownRedis: boolean }

function baseEnvOf({ redisUrl, model, ownRedis }: Surroundings): Env {
  return {
    REDIS_URL: redisUrl,
    LONGHAUL_API_KEYS: apiKeys,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'sk-test',
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: 'sk-ant-test',
    GOOGLE_BASE_URL: model.googleUrl,
    GOOGLE_API_KEY: 'test',
    // The tests may be given a Redis that can lose data.
    ...(!ownRedis && { LONGHAUL_UNSAFE_REDIS: '1' }),
  }
}
