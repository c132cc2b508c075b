import { limits, type Submission, taskIdInShard, ulidsFrom } from '@longhaul/core'
import { expect } from 'vitest'
import { shardKeys } from '../connection/keys.ts'
import {
  completed,
  job,
  lock,
  result,
  submission,
  test as base,
} from '../lifecycle/turn.fixture.ts'
import { countEndedTurns } from './count-ended-turns.ts'
import { createUsageStore } from './usage-store.ts'

const hour = 3_600_000
const now = 1_000_000 * hour
const range = { workspace: 'w', from: now - hour, to: now + hour } as const
const first = { shard: 0, limit: limits.usage.batch }

const test = base
  .extend('usage', ({ redis, time }) => {
    time.now = now
    return createUsageStore(redis, { shards: 2, now: () => time.now })
  })
  /** Runs one turn to its end, `ms` after its claim. */
  .extend(
    'end',
    ({ store, time }) =>
      async (id: string, part: Partial<Submission> = {}, ms = 0) => {
        const ref = { ...job, taskId: id }
        await store.submit(submission({ taskId: id, ...part }))
        await store.claim(ref, 'a', lock)
        time.now += ms
        await store.append({
          ...ref,
          attempt: 'a',
          ordinal: 1,
          facts: [completed],
          end: {
            folded: 2,
            status: 'completed',
            result,
            usage: { from: time.now - ms, waited: 0, models: [[part.agentId ?? 'x/y', 10, 2, 4]] },
          },
        })
      },
  )

test('a turn that has ended counts once, though two workers count it', async ({
  redis,
  usage,
  end,
}) => {
  for (let at = 0; at < 5; at += 1) await end(idOf(at), {}, 100)
  const counts = await Promise.all([countEndedTurns(redis, first), countEndedTurns(redis, first)])
  expect(counts.map(({ counted }) => counted).toSorted((a, b) => a - b)).toEqual([0, 5])
  expect(await usage.count(0, 10)).toEqual({ counted: 0, isMoreLeft: false })
  for (const grain of ['minute', 'hour', 'day'] as const) {
    const [row, ...others] = await usage.read({ ...range, grain })
    expect(others).toEqual([])
    expect(row?.counts).toMatchObject({ requests: 5, errors: 0, input: 50, output: 10, cached: 20 })
    expect([...(row?.counts.durations.values() ?? [])]).toEqual([5])
  }
})

test('a turn that nobody has counted yet waits for the next worker', async ({ usage, end }) => {
  for (let at = 0; at < 5; at += 1) await end(idOf(at))
  expect(await usage.count(0, 3)).toEqual({ counted: 3, isMoreLeft: true })
  expect(await usage.count(0, 3)).toEqual({ counted: 2, isMoreLeft: false })
})

test('a turn that is cancelled, or passes its deadline, counts as such', async ({
  store,
  maintenanceStore,
  time,
  usage,
}) => {
  await store.submit(submission({ taskId: idOf(0) }))
  await store.submit(submission({ taskId: idOf(1), deadlineMs: 1_000 }))
  await store.cancel({ taskId: idOf(0) }, { reason: 'test', graceMs: 0 })
  time.now += 2_000
  await maintenanceStore.serveDeadlines(0, 10)
  await usage.count(0, 10)
  const [row] = await usage.read({ ...range, grain: 'hour' })
  expect(row?.counts).toMatchObject({ requests: 2, errors: 1, cancelled: 1 })
  expect(row?.counts.waits.size).toBe(0)
})

test('the turns of all shards are added, and divided by agent', async ({ usage, end }) => {
  await end(idOf(0), { agentId: 'A' })
  await end(taskIdInShard(idOf(1), 1), { agentId: 'A' })
  await end(idOf(2), { agentId: 'B' })
  await Promise.all([0, 1].map((shard) => usage.count(shard, 10)))
  const rows = await usage.read({ ...range, grain: 'hour', by: 'agent' })
  const requests = rows.map(({ value, counts }) => [value, counts.requests] as const)
  expect(new Map(requests)).toEqual(
    new Map([
      ['A', 2],
      ['B', 1],
    ]),
  )
})

test('a bucket counts only so many agents apart, has a bounded size, and expires', async ({
  redis,
  usage,
  end,
}) => {
  const more = 50
  const size = limits.usage.values + more
  for (let at = 0; at < size; at += 1) await end(idOf(at), { agentId: `agent-${at}` })
  while ((await usage.count(0, limits.usage.batch)).isMoreLeft);
  const rows = await usage.read({ ...range, grain: 'hour', by: 'agent' })
  expect(rows).toHaveLength(limits.usage.values + 1)
  const others = rows.find(({ value }) => value === '')
  expect(others?.counts).toMatchObject({ requests: more, input: 10 * more })
  const keys = await redis.keys('{lh:s0}:usage:*')
  expect(keys.length).toBe(3 + 2 * 2)
  for (const key of keys) {
    expect(await redis.pttl(key)).not.toBe(-1)
    expect(await redis.memory('USAGE', key)).toBeLessThan(25_000)
  }
  expect(await redis.exists(shardKeys(0).uncounted)).toBe(0)
})

test('a task that began in a bucket is counted there while it is kept', async ({
  store,
  usage,
}) => {
  const ids = [now - 2 * hour, now - 5, now].map((ms) => ulidsFrom(ms) + '0'.repeat(16))
  for (const taskId of ids) await store.submit(submission({ taskId }))
  const started = () => usage.started({ ...range, grain: 'hour', from: now - 2 * hour })
  expect(await started()).toEqual(
    new Map([
      [now - 2 * hour, 1],
      [now - hour, 1],
      [now, 1],
    ]),
  )
  await store.cancel({ taskId: ids[0] ?? '' }, { reason: 'test', graceMs: 0 })
  await store.purge(ids[0] ?? '')
  expect((await started()).size).toBe(2)
})

function idOf(at: number): string {
  return '01K0000000' + String(at).padStart(16, '0')
}
