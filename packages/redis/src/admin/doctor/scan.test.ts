import { type Finding, headVersion, jobId, type NewFact, type ScanCursor } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { createKeyStore } from '../../registry/api-keys.ts'
import { shardKeys, taskKeys, workspaceKeys } from '../../connection/keys.ts'
import { createAdminStore } from '../admin-store.ts'
import { createTickets } from '../../queue/tickets.ts'
import {
  completed,
  day,
  lock,
  result,
  submission,
  test as base,
  tool,
} from '../../lifecycle/turn.fixture.ts'

const keys = shardKeys(0)
const label = keys.byLabel('w', 'thread:t')

/** Tasks in every state. Each fault is called by its name. */
const ids = {
  queued: idOf(1),
  running: idOf(2),
  completed: idOf(3),
  failed: idOf(4),
  cancelled: idOf(5),
  again: idOf(6),
  parked: idOf(7),
  later: idOf(8),
}
const gone = idOf(9)

const test = base
  .extend('adminStore', ({ redis, time }) =>
    createAdminStore(redis, { clock: () => time.now, tickets: createTickets(redis, 1) }),
  )
  .extend('scan', ({ adminStore }) => async (repair: boolean, limit = 1_000) => {
    // Two steps may find the same fault on different ways.
    const all = new Map<string, Finding>()
    let next: ScanCursor | undefined
    do {
      const walked = await adminStore.scan(next, { repair, limit, turnDeadlineMs: day })
      for (const finding of walked.findings) all.set(JSON.stringify(finding), finding)
      next = walked.next
    } while (next !== undefined)
    return [...all.values()]
  })
  .extend('cluster', async ({ redis, store }) => {
    await createKeyStore(redis).bootstrap(
      [{ id: '0123456789abcdef', workspace: 'w', hash: '0'.repeat(64) }],
      1,
    )
    await redis.hset(workspaceKeys('w').item('agent', 'A'), 'key', 'a')
    await redis.zadd(workspaceKeys('w').index('agent'), 0, 'A')
    const large = 'x'.repeat(20_000)
    const returned: NewFact = {
      type: 'tool.returned',
      callId: 'c',
      toolId: 't',
      result: large,
      ms: 1,
    }
    for (const [name, taskId] of Object.entries(ids)) {
      const later = name === 'later' ? { startInMs: day, expiresInMs: day } : {}
      await store.submit(submission({ taskId, labels: ['thread:t'], ...later }))
      if (name === 'queued' || name === 'later') continue
      if (name !== 'cancelled') {
        const attempt = await run(taskId, 1)
        if (name === 'running') continue
        if (name === 'parked') {
          const { length: folded } = await store.facts(taskId)
          const facts: NewFact[] = [{ type: 'turn.parked', until: 9e12 }]
          await store.append({ ...attempt, ordinal: 3, facts, park: { folded, until: 9e12 } })
          continue
        }
        await end(attempt, name === 'failed' ? 'failed' : 'completed')
      } else await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
      if (name === 'again') {
        await store.submit(submission({ taskId, requestId: 'r2', after: 1 }))
        await run(taskId, 2)
      }
    }

    await createTickets(redis, 1).add(0)

    async function run(taskId: string, turn: number) {
      const attempt = { taskId, turn, attempt: `${taskId}${turn}` }
      await store.claim(attempt, attempt.attempt, lock)
      await store.append({ ...attempt, ordinal: 1, facts: [tool('c'), returned, returned] })
      await store.stream(attempt, 2, [{ partId: 'p', kind: 'text', text: 'ä' }])
      return attempt
    }

    async function end(attempt: Awaited<ReturnType<typeof run>>, status: 'failed' | 'completed') {
      const failure = { code: 'deadline', message: large, status: 504 } as const
      const failed = { type: 'turn.failed', ...failure } as const
      const { length } = await store.facts(attempt.taskId)
      const ends = status === 'failed' ? { ...result, failure } : { ...result, text: large }
      const reply = await store.append({
        ...attempt,
        ordinal: 3,
        facts: [status === 'failed' ? failed : completed],
        end: { folded: length, status, result: ends },
      })
      expect(reply.outcome).toBe('ok')
    }
  })

function idOf(number: number): string {
  return `01K000000${number}${'0'.repeat(16)}`
}

function headOf(name: keyof typeof ids): string {
  return taskKeys(ids[name]).head
}

function endOf(name: keyof typeof ids, turn = 1): string {
  return `${jobId(ids[name], turn).split('.')[0]}:end`
}

function wakeOf(name: keyof typeof ids): string {
  return endOf(name).replace('end', 'wake')
}

const job = jobId(ids.queued, 1)
const held = jobId(ids.running, 1)
const strays = [jobId(ids.queued, 2), jobId(ids.completed, 1), jobId(gone, 1)]
const lane = keys.backlog('w', '')

type Plant = (redis: Redis) => Promise<unknown>
const plants: Record<string, [kind: string, name: string, plant: Plant][]> = {
  'work without a ticket': [['job_missing', '', (redis) => redis.del(keys.tickets)]],
  'a wrong slot or place in the ring': [
    ['misplaced', 'running', (redis) => redis.srem(keys.runningTurns('w'), held)],
    ['misplaced', 'w', (redis) => redis.del(keys.ring)],
    [
      'misplaced',
      'w',
      async (redis) => {
        const members = await redis.zrange(keys.ring, '0', '-1')
        return redis.zadd(keys.ring, 7, members.find((member) => member.endsWith(':w')) ?? '')
      },
    ],
    ['counter_wrong', 'w', (redis) => redis.hset(keys.workspaceState('w'), 'queued', 7)],
    ['counter_wrong', 'w', (redis) => redis.hset(keys.workspaceState('w'), 'parked', 7)],
    ['counter_wrong', 'w', (redis) => redis.hincrby(keys.workspaceState('w'), 'bytes', 1)],
  ],
  'a live turn in the wrong place': [
    ['misplaced', 'queued', (redis) => redis.zrem(lane, job)],
    ['misplaced', 'queued', (redis) => redis.zadd(keys.leases, 9e12, job)],
    ['misplaced', 'later', (redis) => redis.zrem(keys.due, jobId(ids.later, 1))],
    ['misplaced', 'later', (redis) => redis.zadd(lane, 9e12, jobId(ids.later, 1))],
    ['misplaced', 'gone', (redis) => redis.zadd(keys.due, 9e12, jobId(gone, 1))],
    ['misplaced', 'running', (redis) => redis.zrem(keys.leases, held)],
    ['misplaced', 'running', (redis) => redis.zadd(lane, 9e12, held)],
    ['misplaced', 'parked', (redis) => redis.zadd(lane, 9e12, jobId(ids.parked, 1))],
    ['misplaced', 'parked', (redis) => redis.zadd(keys.leases, 9e12, jobId(ids.parked, 1))],
    ...strays.flatMap((stray, at): [string, string, Plant][] => {
      const name = (['queued', 'completed', 'gone'] as const)[at] ?? 'gone'
      return [
        ['misplaced', name, (redis) => redis.zadd(lane, 9e12, stray)],
        ['misplaced', name, (redis) => redis.zadd(keys.leases, 9e12, stray)],
      ]
    }),
  ],
  'a wrong deadline': [
    ['deadline_wrong', 'queued', (redis) => redis.zrem(keys.deadlines, endOf('queued'))],
    ['deadline_wrong', 'running', (redis) => redis.zrem(keys.deadlines, endOf('running'))],
    ['deadline_wrong', 'later', (redis) => redis.zrem(keys.deadlines, endOf('later'))],
    ['deadline_wrong', 'later', (redis) => redis.zrem(keys.expiries, jobId(ids.later, 1))],
    ['deadline_wrong', 'failed', (redis) => redis.zadd(keys.deadlines, 9e12, endOf('failed'))],
    ['deadline_wrong', 'parked', (redis) => redis.zrem(keys.deadlines, endOf('parked'))],
    ['deadline_wrong', 'parked', (redis) => redis.zrem(keys.deadlines, wakeOf('parked'))],
    ['deadline_wrong', 'queued', (redis) => redis.zadd(keys.deadlines, 9e12, wakeOf('queued'))],
    ['deadline_wrong', 'again', (redis) => redis.zadd(keys.deadlines, 9e12, endOf('again'))],
    ['deadline_wrong', 'gone', (redis) => redis.zadd(keys.deadlines, 9e12, `resp_${gone}0001:end`)],
  ],
  'a drifted counter': [
    ['counter_wrong', 'running', (redis) => redis.hset(headOf('running'), 'bytes', 5)],
    ['counter_wrong', 'completed', (redis) => redis.hset(headOf('completed'), 'bytes', 9e6)],
    ['counter_wrong', 'cancelled', (redis) => redis.hdel(headOf('cancelled'), 'bytes')],
    ['counter_wrong', 'running', (redis) => redis.hincrby(headOf('running'), 'pos', 7)],
    ['counter_wrong', 'again', (redis) => redis.hset(headOf('again'), 'pos', 1)],
  ],
  'a list without a task, or with one that is gone': [
    ['index_wrong', 'queued', (redis) => redis.zrem(keys.tasksOf('w'), ids.queued)],
    ['index_wrong', 'failed', (redis) => redis.zrem(keys.byAgent('A'), ids.failed)],
    ['index_wrong', 'completed', (redis) => redis.zrem(label, ids.completed)],
    ['index_wrong', 'gone', (redis) => redis.zadd(keys.tasksOf('w'), 0, gone)],
    ['index_wrong', 'gone', (redis) => redis.zadd(keys.byAgent('A'), 0, gone)],
    ['index_wrong', 'gone', (redis) => redis.zadd(label, 0, gone)],
  ],
  'a set that a head does not bear out': [
    ['set_wrong', 'completed', (redis) => redis.zrem(keys.purges, ids.completed)],
    ['set_wrong', 'running', (redis) => redis.zadd(keys.purges, 1, ids.running)],
    ['set_wrong', 'gone', (redis) => redis.zadd(keys.purges, 1, gone)],
    ['set_wrong', 'failed', (redis) => redis.zrem(keys.failed, ids.failed)],
    ['set_wrong', 'completed', (redis) => redis.zadd(keys.failed, 1, ids.completed)],
    ['set_wrong', 'gone', (redis) => redis.zadd(keys.failed, 1, gone)],
  ],
}

async function content(redis: Redis): Promise<unknown> {
  const names = (await redis.keys('{lh:s0}*')).toSorted()
  return await Promise.all(
    names.map(async (name) => [name, (await redis.dumpBuffer(name))?.toString('hex')]),
  )
}

describe.each(Object.entries(plants))('%s', (_, cases) => {
  test.for(cases.map(([kind, name, plant], at) => [at + 1, kind, name, plant] as const))(
    'is found and repaired (%i: %s of the task %s)',
    async ([, kind, name, plant], { redis, scan, cluster: _cluster }) => {
      expect(await scan(false)).toEqual([])
      await plant(redis)
      const before = await content(redis)
      const taskId = name === 'gone' ? gone : (ids[name as keyof typeof ids] ?? name)
      const found = await scan(false)
      expect(found.map((finding) => [finding.kind, finding.taskId])).toContainEqual([kind, taskId])
      // A misplaced turn also makes the counts of its workspace wrong.
      const known = new Set([taskId, 'w'])
      expect(found.filter((finding) => !known.has(finding.taskId))).toEqual([])
      expect(await content(redis)).toEqual(before)
      // The same in small steps.
      expect(await scan(false, 1)).toEqual(found)
      expect(await scan(true)).toContainEqual(found.find((finding) => finding.taskId === taskId))
      expect(await scan(false)).toEqual([])
      expect(await scan(true)).toEqual([])
    },
  )
})

test('an expired lease is found, and its turn is queued for another worker', async ({
  redis,
  scan,
  time,
  store,
  cluster: _cluster,
}) => {
  time.now += lock
  const running = [ids.running, ids.again]
  const found = await scan(false)
  expect(found.map(({ kind, taskId }) => `${kind} ${taskId}`).toSorted()).toEqual(
    running.map((id) => `lease_expired ${id}`),
  )
  expect(await scan(true)).toHaveLength(2)
  expect(await scan(false)).toEqual([])
  expect(await redis.zcard(keys.leases)).toBe(0)
  const next = { taskId: ids.running, turn: 1 }
  expect((await store.claim(next, 'b', lock)).outcome).toBe('claimed')
})

test('a task that a newer version wrote is not changed', async ({
  redis,
  scan,
  cluster: _cluster,
}) => {
  await redis.hset(headOf('running'), 'v', headVersion + 1, 'bytes', 5)
  await redis.zrem(keys.deadlines, endOf('running'))
  const before = await content(redis)
  expect(await scan(true)).toEqual([])
  expect(await content(redis)).toEqual(before)
})

test('the tasks of a deleted agent need not be in its index', async ({
  redis,
  scan,
  maintenanceStore,
  cluster: _cluster,
}) => {
  await redis.del(keys.byAgent('A'))
  await maintenanceStore.agentDeleted(0, { agentId: 'A', tasks: 'cancel' })
  expect(await scan(false)).toEqual([])
})
