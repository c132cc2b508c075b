import { setTimeout as sleep } from 'node:timers/promises'
import type { DoneFault } from './evidence.ts'
import type { House, Member } from './house.ts'
import { pickVictim, type Victim } from './pick-victim.ts'
import type { FaultKind, PlannedFault } from './plan-faults.ts'

/** Breaks something, mends it after the planned time, and tells when and whom it hit. Rejects when it cannot be mended. */
export async function performFault(
  { kind, ms, victim }: PlannedFault,
  house: House,
): Promise<DoneFault> {
  const hit = await pickVictim(kind, house, victim)
  const from = Date.now()
  const victims = await perform[kind]({ house, ms, ...hit })
  return { kind, from, to: Date.now(), victims: victims ?? hit.names }
}

type Break = Victim & { house: House; ms: number }

const perform: Record<FaultKind, (given: Break) => Promise<string[] | void>> = {
  async 'worker killed'({ house, worker }) {
    if (worker === undefined) return
    house.workers.delete(worker)
    await worker.process.kill()
    await house.startWorker()
  },

  async 'worker frozen'({ worker, ms }) {
    if (worker === undefined) return
    worker.away = true
    process.kill(worker.process.pid, 'SIGSTOP')
    await sleep(ms)
    process.kill(worker.process.pid, 'SIGCONT')
    worker.away = false
  },

  async 'worker cut off'({ worker, ms }) {
    if (worker === undefined) return
    worker.away = true
    await cutOff(worker, ms)
    worker.away = false
  },

  async 'workers restarted'({ house }) {
    const old = [...house.workers].filter(({ away }) => !away)
    for (const worker of old) {
      await house.startWorker()
      // Another fault may have been faster.
      if (!house.workers.has(worker) || worker.away) continue
      worker.away = true
      house.workers.delete(worker)
      await stop(worker)
    }
    return old.map(({ name }) => name)
  },

  async 'API killed'({ house, api, ms }) {
    if (api === undefined) return
    api.away = true
    await api.process.kill()
    await sleep(ms)
    await house.restartApi(api)
  },

  /** The next one first: clients are led to it while the old one hands over. */
  async 'API restarted'({ house, api }) {
    if (api === undefined) return
    api.away = true
    const old = { ...api }
    await house.restartApi(api)
    await stop(old)
  },

  async 'API cut off'({ api, ms }) {
    if (api === undefined) return
    api.away = true
    await cutOff(api, ms)
    api.away = false
  },

  async 'Redis killed'({ house, ms }) {
    await house.redis.kill()
    await sleep(ms)
    await house.redis.restart()
  },

  async 'Redis frozen'({ house, ms }) {
    const { pid } = house.redis
    if (pid === undefined) throw new Error('a Redis in a container cannot be frozen')
    process.kill(pid, 'SIGSTOP')
    await sleep(ms)
    process.kill(pid, 'SIGCONT')
  },

  'Redis full': ({ house, ms }) => setFor(house, ms, ['maxmemory', '1mb', '0']),
  'Redis read-only': ({ house, ms }) => setFor(house, ms, ['min-replicas-to-write', '1', '0']),

  async 'scripts flushed'({ house }) {
    await insist(() => house.control.script('FLUSH'))
  },

  async 'Redis connections reset'({ house }) {
    for (const { toRedis } of membersOf(house)) toRedis.reset()
  },

  async 'Redis slow'({ house, ms }) {
    const lines = membersOf(house).map(({ toRedis }) => toRedis)
    for (const line of lines) line.delay(() => 20 + Math.random() * 120)
    await sleep(ms)
    for (const line of lines) line.delay(() => 0)
  },

  async 'model connections reset'({ house }) {
    house.vendors.toModel.reset()
  },

  async 'model slow'({ house, ms }) {
    const { toModel } = house.vendors
    toModel.delay(() => 20 + Math.random() * 120)
    await sleep(ms)
    toModel.delay(() => 0)
  },

  async 'tool connections reset'({ house }) {
    house.vendors.toTools.reset()
  },

  async 'client connections reset'({ house }) {
    for (const { door } of house.apis) door.reset()
  },
}

/** SIGTERM: it ends by itself, and well. */
async function stop({ name, process }: Member): Promise<void> {
  const code = await process.stop()
  if (code !== 0) throw new Error(`${name} ended with ${code} when it was told to go`)
}

function membersOf({ workers, apis }: House): Member[] {
  return [...workers, ...apis]
}

async function cutOff({ toRedis }: Member, ms: number): Promise<void> {
  toRedis.swallow(true)
  await sleep(ms)
  toRedis.swallow(false)
}

/** A setting of Redis, changed and changed back. */
async function setFor(
  { control }: House,
  ms: number,
  [name, value, usual]: [string, string, string],
): Promise<void> {
  await insist(() => control.config('SET', name, value))
  await sleep(ms)
  await insist(() => control.config('SET', name, usual))
}

/** The hand that breaks things has a connection that breaks, too. */
async function insist(act: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await act()
      return
    } catch (error) {
      if (tries === 50) throw error
      await sleep(100)
    }
  }
}
