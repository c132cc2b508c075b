import { startFlakyProxy, startRedis } from '@longhaul/testing/servers'
import { Redis } from 'ioredis'
import { enduringFullDisks } from './full-disk.ts'
import { smallHeap } from '../faults/memory-pressure.ts'
import { type ApiMember, createStaff, type Member } from './process-manager.ts'
import { startVendors } from './vendors.ts'

export type { ApiMember, Member } from './process-manager.ts'
export type House = Awaited<ReturnType<typeof startHouse>>

/** Registers what must be undone; the last is undone first. */
export type AtEnd = (step: () => unknown) => void

export type HouseOptions = {
  apis: number
  workers: number
  /** How many of the workers have a small heap. */
  smallHeaps?: number
  /** Whether Redis must survive a full disk. */
  fullDisks?: boolean
  /** What each process has in its environment beside what it needs. */
  env?: Record<string, string>
  /** Modules that each process loads before its own. */
  preloads?: string[]
}

export const lockMs = 2_000

/** The whole product with a Redis of its own, and a proxy wherever two of them talk to each other. */
export async function startHouse(options: HouseOptions, atEnd: AtEnd) {
  const redis = await startRedis({ under: options.fullDisks === true ? enduringFullDisks : [] })
  atEnd(() => redis.stop())
  // The hand that breaks things; it does not wait for what is broken.
  const control = new Redis(redis.url, { maxRetriesPerRequest: 0, commandTimeout: 3_000 })
  control.on('error', () => {})
  atEnd(() => control.disconnect())
  const vendors = await startVendors(atEnd)
  const { env, preloads } = options
  const staff = await createStaff(
    {
      redisUrl: redis.url,
      vendors,
      lockMs,
      ...(env && { env }),
      ...(preloads && { preloads }),
      onLoss: replace,
    },
    atEnd,
  )
  const workers = new Set<Member>()
  const { smallHeaps = 0 } = options
  const smallHeapOnes = new Set<string>()
  let smallOnesComing = 0
  const coming: Promise<unknown>[] = []
  atEnd(() => Promise.all(coming))

  /** `through`: where its line to Redis leads, if not to Redis itself. */
  async function startWorker(through?: string): Promise<Member> {
    const there = [...workers].filter(({ heap }) => heap !== undefined).length
    const small = there + smallOnesComing < smallHeaps
    if (small) smallOnesComing += 1
    try {
      const worker = await staff.start('worker', { through, heap: small ? smallHeap : undefined })
      if (small) smallHeapOnes.add(worker.name)
      workers.add(worker)
      return worker
    } finally {
      if (small) smallOnesComing -= 1
    }
  }

  async function startApi(): Promise<ApiMember> {
    const api = await staff.start('api')
    const door = await startFlakyProxy(api.process.url)
    atEnd(() => door.close())
    return { ...api, door }
  }

  async function restartApi(api: ApiMember): Promise<void> {
    Object.assign(api, await staff.start('api'))
    api.door.lead(api.process.url)
  }

  async function replace({ name }: Member): Promise<void> {
    const worker = [...workers].find((each) => each.name === name)
    const api = apis.find((each) => each.name === name)
    if (worker !== undefined && workers.delete(worker)) await startWorker()
    if (api !== undefined) await restartApi(api)
  }

  const apis = await Promise.all(Array.from({ length: options.apis }, startApi))
  await Promise.all(Array.from({ length: options.workers }, () => startWorker()))

  return {
    redis,
    control,
    vendors,
    workers,
    apis,
    logs: staff.logs,
    mishaps: staff.mishaps,
    losses: staff.losses,
    /** The names of all workers there ever were that had a small heap. */
    smallHeapOnes: smallHeapOnes as ReadonlySet<string>,
    startWorker,
    /** In place of one that is gone. */
    restartApi,
    kill: staff.kill,
    stop: staff.stop,

    /** Kills a worker; another one will come instead of it. */
    async replaceWorker(worker: Member): Promise<void> {
      const mine = workers.delete(worker)
      await staff.kill(worker)
      // One that was being stopped has its successor already.
      if (mine) coming.push(startWorker().catch((error) => staff.mishaps.push(String(error))))
    },

    /** The process of a name, if it lives. */
    living: staff.living,
    /** Everybody there ever was. */
    staffed: staff.all,
    /** Redis is away or is being brought back: nothing else is done to it meanwhile. */
    redisAway: false,
  }
}
