import { type ClusterProcess, startCluster, startFlakyProxy } from '@longhaul/testbed/servers'
import { createTickets } from '@longhaul/redis'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DoneFault } from '../evidence/evidence.ts'
import type { Failover } from '../evidence/lost-facts.ts'
import { workspaceKeys } from '../tasks/workspaces.ts'
import { loss } from '../faults/fault-kinds.ts'
import { smallHeap } from '../faults/memory-pressure.ts'
import { asChaosProcess, type ChaosApi, type ChaosProcess } from './chaos-process.ts'
import { ordersVariable, routesVariable, stallsFile } from './fault-agent.ts'
import { enduringFullDisks } from './full-disk.ts'
import { createLimitSetter } from './set-limits.ts'
import { startVendors } from './vendors.ts'
import { startEventReceiver } from '../events/event-receiver.ts'
import { type RedisForm, startRedisForm } from '../store/redis-form.ts'
import { type RedisProxies, startRedisProxies } from '../store/redis-proxies.ts'
import { retryUntilStored } from './retry-until-stored.ts'
import type { AtEnd } from './at-end.ts'

export type { ChaosApi, ChaosProcess } from './chaos-process.ts'
export type ChaosCluster = Awaited<ReturnType<typeof startChaosCluster>>

export type ChaosClusterOptions = {
  apis: number
  workers: number
  /** How many of the workers have a small heap. */
  smallHeaps?: number
  /** Whether Redis must survive a full disk. */
  fullDisks?: boolean
  /** A single server by default. */
  form?: RedisForm
  /** Further variables in the environment of each process. */
  env?: Record<string, string>
  /** Modules that each process loads before its own. */
  preloads?: string[]
}

export const lockMs = 2_000
/** So few that turns wait for a slot when many are submitted at once. */
const slotsPerWorker = 8
const everyKey = Object.entries(workspaceKeys)
  .map((pair) => pair.join(':'))
  .join(',')

const faultAgent = new URL('./fault-agent.ts', import.meta.url).href

/** A cluster with a Redis of its own, a proxy on each connection and a fault agent in each process. */
export async function startChaosCluster(options: ChaosClusterOptions, atEnd: AtEnd) {
  const { env = {}, preloads = [], smallHeaps = 0, fullDisks = false, form = 'server' } = options
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-chaos-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const vendors = await startVendors(atEnd)
  const receiver = await startEventReceiver(atEnd)
  const redis = await startRedisForm(form, { under: fullDisks ? enduringFullDisks : [] }, atEnd)
  const connections = new Map<string, RedisProxies['proxy']>()
  atEnd(() => Promise.all([...connections.values()].map((each) => each.close())))
  const smallOnes = new Set<string>()
  const living = new Map<string, ChaosProcess>()
  const ended = new Set<string>()
  const mishaps: string[] = []
  const losses: DoneFault[] = []
  const failovers: Failover[] = []
  const workers = new Set<ChaosProcess>()
  const apis: ChaosApi[] = []

  const cluster = await startCluster({
    apis: options.apis,
    workers: options.workers,
    redisUrl: redis.url,
    model: vendors.model,
    env: envOf,
    onLoss: (lost, code) => void replaceLost(lost, code),
  })
  atEnd(() => cluster.kill())
  // The connection that performs faults. It does not wait while Redis is unavailable.
  const control = redis.connect('requests')
  atEnd(() => control.disconnect())
  await retryUntilStored(() => control.ping())
  const tickets = createTickets(control, redis.shards)
  const coming: Promise<unknown>[] = []
  atEnd(() => Promise.all(coming))
  for (const worker of cluster.workers) workers.add(enter(worker))
  for (const api of cluster.apis) {
    const proxy = await startFlakyProxy(api.url)
    atEnd(() => proxy.close())
    apis.push({ ...enter(api), proxy })
  }

  async function envOf(name: string): Promise<Record<string, string>> {
    const { url, routes, proxy } = await startRedisProxies(redis)
    connections.set(name, proxy)
    const smallNow = [...smallOnes].filter((each) => !ended.has(each)).length
    const isSmall = name.startsWith('worker') && smallNow < smallHeaps
    if (isSmall) smallOnes.add(name)
    return {
      REDIS_URL: url,
      [routesVariable]: JSON.stringify(routes),
      LONGHAUL_UNSAFE_REDIS: '0',
      LONGHAUL_API_KEYS: everyKey,
      LONGHAUL_CONCURRENCY: String(slotsPerWorker),
      LONGHAUL_LOCK_MS: String(lockMs),
      LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
      LONGHAUL_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
      OPENAI_BASE_URL: vendors.modelUrl,
      // The model recognises each worker by its key.
      OPENAI_API_KEY: name,
      NODE_OPTIONS: [
        ...[faultAgent, ...preloads].map((module) => `--import=${module}`),
        ...(isSmall ? [`--max-old-space-size=${smallHeap}`] : []),
      ].join(' '),
      [ordersVariable]: ordersFileOf(name),
      ...env,
    }
  }

  function ordersFileOf(name: string): string {
    return join(folder, name)
  }

  function enter(child: ClusterProcess): ChaosProcess {
    const { name } = child
    const toRedis = connections.get(name)
    if (toRedis === undefined) throw new Error(`${name} has no proxy to Redis`)
    const heap = smallOnes.has(name) ? smallHeap : undefined
    const entered = asChaosProcess(child, { toRedis, heap, ordersFile: ordersFileOf(name) })
    living.set(name, entered)
    void leave(child)
    return entered
  }

  async function leave({ name, exited }: ClusterProcess): Promise<void> {
    await exited
    living.delete(name)
    ended.add(name)
  }

  async function startWorker(): Promise<ChaosProcess> {
    const worker = enter(await cluster.startWorker())
    workers.add(worker)
    return worker
  }

  async function restartApi(api: ChaosApi): Promise<void> {
    Object.assign(api, enter(await cluster.startApi()))
    api.proxy.lead(api.process.url)
  }

  async function replaceLost({ name, log }: ClusterProcess, code: number | null): Promise<void> {
    ended.add(name)
    mishaps.push(`${name} ended by itself with ${code}: ${lastWords(log)}`)
    losses.push({ kind: loss, from: Date.now(), to: Date.now(), victims: [name] })
    const worker = [...workers].find((each) => each.name === name)
    const api = apis.find((each) => each.name === name)
    try {
      if (worker !== undefined && workers.delete(worker)) await startWorker()
      if (api !== undefined) await restartApi(api)
    } catch (error) {
      mishaps.push(String(error))
    }
  }

  return {
    redis,
    control,
    tickets,
    limits: createLimitSetter(control, { tickets, shards: redis.shards }),
    vendors,
    receiver,
    workers,
    apis,
    logs: cluster.logs,
    /** Unexpected events of processes. */
    mishaps,
    losses,
    /** Replicas that have taken over. */
    failovers,
    /** The names of all workers so far with a small heap. */
    smallHeapOnes: smallOnes as ReadonlySet<string>,
    startWorker,
    /** Starts a worker in place of one that is gone. */
    restartApi,
    kill: ({ process: child }: ChaosProcess) => child.kill(),

    /** Sends SIGTERM. The process ends with 0 unless it is killed before. */
    async stop({ name, process: child }: ChaosProcess): Promise<void> {
      const code = await child.stop()
      if (code === 0 || child.isKilled()) return
      throw new Error(`${name} ended with ${code} when it was told to stop`)
    },

    /** Kills a worker and starts another one in its place. */
    async replaceWorker(worker: ChaosProcess): Promise<void> {
      const isOurs = workers.delete(worker)
      await worker.process.kill()
      // A worker that was being stopped already has its successor.
      if (isOurs) coming.push(startWorker().catch((error) => mishaps.push(String(error))))
    },

    /** The process with this name, if it is alive. */
    living: (name: string) => living.get(name),
    /** Every process so far, and the file with its stalls. */
    everyProcess: () =>
      [...cluster.logs.keys()].map((name) => ({ name, stalls: stallsFile(ordersFileOf(name)) })),
    /** Whether Redis is stopped or being restarted: no other fault is performed on it meanwhile. */
    redisAway: false,
  }
}

/** The log line that explains the end. Without memory, Node logs it before a trace of addresses. */
function lastWords(log: string[]): string {
  return log.findLast((line) => line.startsWith('FATAL ERROR')) ?? log.at(-1) ?? ''
}
