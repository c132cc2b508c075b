import { setTimeout as sleep } from 'node:timers/promises'
import { fillDisk } from '../cluster/full-disk.ts'
import type { House } from '../cluster/chaos-cluster.ts'
import { membersOf, type Performance, slowDown } from './fault-actions.ts'

export const ofRedis = {
  'Redis killed': ({ house, ms }) =>
    alone(house, async () => {
      await house.redis.kill()
      await sleep(ms)
      await house.redis.restart()
    }),

  'Redis frozen': ({ house, ms }) =>
    alone(house, async (pid) => {
      process.kill(pid, 'SIGSTOP')
      await sleep(ms)
      process.kill(pid, 'SIGCONT')
    }),

  'Redis disk full': ({ house, ms }) =>
    alone(house, async (pid) => {
      await fillDisk(pid, true)
      await sleep(ms)
      await fillDisk(pid, false)
    }),

  async 'Redis full'({ house, ms }) {
    await insist(() => house.control.config('SET', 'maxmemory-policy', 'noeviction'))
    await setFor(house, ms, ['maxmemory', '1mb', '0'], () => insist(() => refusesWrites(house)))
  },

  'Redis read-only': ({ house, ms }) => setFor(house, ms, ['min-replicas-to-write', '1', '0']),

  async 'scripts flushed'({ house }) {
    await insist(() => house.control.script('FLUSH'))
  },

  async 'Redis connections reset'({ house }) {
    for (const { toRedis } of membersOf(house)) toRedis.reset()
  },

  'Redis slow': ({ house, ms }) =>
    slowDown(
      membersOf(house).map(({ toRedis }) => toRedis),
      ms,
    ),
} satisfies Record<string, Performance>

/** Nothing else is done to Redis meanwhile. */
async function alone(house: House, act: (pid: number) => Promise<void>): Promise<void> {
  const { pid } = house.redis
  if (pid === undefined) throw new Error('a Redis in a container cannot be reached by its pid')
  house.redisAway = true
  try {
    await act(pid)
  } finally {
    house.redisAway = false
  }
}

/** A setting of Redis, changed and changed back, and checked meanwhile. */
async function setFor(
  { control }: House,
  ms: number,
  [name, value, usual]: [string, string, string],
  check?: () => Promise<void>,
): Promise<void> {
  await insist(() => control.config('SET', name, value))
  try {
    await check?.()
    await sleep(ms)
  } finally {
    await insist(() => control.config('SET', name, usual))
  }
}

/** Rejects when Redis takes what it should refuse. */
async function refusesWrites({ control }: House): Promise<void> {
  const answer = await control.set('chaos:full', '1').catch((error: unknown) => String(error))
  if (!answer.includes('OOM')) throw new Error(`a full Redis answered a write with ${answer}`)
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
