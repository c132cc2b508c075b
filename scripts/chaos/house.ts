import {
  type AppProcess,
  type FlakyProxy,
  startApp,
  startFlakyProxy,
  startRedis,
  testKey,
} from '@longhaul/testing/servers'
import { Redis } from 'ioredis'
import { startVendors, type Vendors } from './vendors.ts'

/** A process of the product and its own line to Redis. `away`: it is being stopped or is frozen. */
export type Member = { name: string; process: AppProcess; toRedis: FlakyProxy; away: boolean }

/** An API keeps its address over restarts: clients reach it through a proxy. */
export type ApiMember = Member & { door: FlakyProxy }

export type House = Awaited<ReturnType<typeof startHouse>>

export const lockMs = 2_000

/** The whole product with a Redis of its own, and a proxy wherever two of them talk to each other. */
export async function startHouse(size: { apis: number; workers: number }, atEnd: AtEnd) {
  const redis = await startRedis()
  atEnd(() => redis.stop())
  // The hand that breaks things; it does not wait for what is broken.
  const control = new Redis(redis.url, { maxRetriesPerRequest: 0, commandTimeout: 3_000 })
  control.on('error', () => {})
  atEnd(() => control.disconnect())
  const vendors = await startVendors(atEnd)

  const logs = new Map<string, string[]>()
  const started = new Set<AppProcess>()
  const lines = new Set<FlakyProxy>()
  atEnd(() => Promise.all([...lines].map((line) => line.close())))
  atEnd(() => Promise.all([...started].map((process) => process.kill())))
  const workers = new Set<Member>()
  let hired = 0

  async function start(app: 'api' | 'worker', name: string): Promise<Member> {
    const toRedis = await startFlakyProxy(redis.url)
    lines.add(toRedis)
    const process = await startApp(app, { ...environment(name, vendors), REDIS_URL: toRedis.url })
    started.add(process)
    logs.set(`${name}-${process.pid}`, process.log)
    return { name, process, toRedis, away: false }
  }

  async function startWorker(): Promise<Member> {
    hired += 1
    const worker = await start('worker', `worker-${hired}`)
    workers.add(worker)
    return worker
  }

  async function startApi(_: unknown, place: number): Promise<ApiMember> {
    const api = await start('api', `api-${place + 1}`)
    const door = await startFlakyProxy(api.process.url)
    lines.add(door)
    return { ...api, door }
  }

  const apis = await Promise.all(Array.from({ length: size.apis }, startApi))
  await Promise.all(Array.from({ length: size.workers }, startWorker))

  return {
    redis,
    control,
    vendors,
    workers,
    apis,
    logs,
    startWorker,

    /** In place of one that is gone. */
    async restartApi(api: ApiMember): Promise<void> {
      const next = await start('api', api.name)
      Object.assign(api, next)
      api.door.lead(next.process.url)
    },
  }
}

/** Registers what must be undone; the last is undone first. */
export type AtEnd = (step: () => unknown) => void

function environment(name: string, { modelUrl }: Vendors): Record<string, string> {
  return {
    LONGHAUL_API_KEYS: `chaos:${testKey}`,
    LONGHAUL_LOCK_MS: String(lockMs),
    LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
    OPENAI_BASE_URL: modelUrl,
    // So that the model knows who asks.
    OPENAI_API_KEY: name,
  }
}
