import { headVersion, jobId, limits } from '@longhaul/core'
import { describe, expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { queuedTurns } from '../lifecycle/queued.fixture.ts'
import { submission } from '../lifecycle/turn.fixture.ts'
import { endOf, lockMs, nextAttempt, test } from './scheduler.fixture.ts'

const keys = shardKeys(0)

describe('the turns of a fairness key', () => {
  test('start by their time, and by ten minutes for each step of the priority', async ({
    queue,
    time,
  }) => {
    const flex = await queue.submit({ priority: 5 })
    time.now += 15 * 60_000
    const usual = await queue.submit()
    time.now += 24 * 60_000
    const first = await queue.submit({ priority: 1 })
    time.now += 2 * 60_000
    const late = await queue.submit({ priority: 1 })
    const started = []
    for (const slot of ['a', 'b', 'c', 'd']) started.push((await queue.start(slot)).taskId)
    expect(started).toEqual([usual, first, flex, late])
  })

  test('keep their place while they are parked', async ({ queue, store, time, maintenance }) => {
    const parked = await queue.submit()
    const claim = await queue.start()
    time.now += 1_000
    const later = await queue.submit()
    const park = { folded: claim.length, until: time.now + 5_000 }
    const { taskId, turn, attempt } = claim
    const fact = { type: 'turn.parked', until: park.until } as const
    await store.append({ taskId, turn, attempt, ordinal: 1, facts: [fact], park })
    time.now += 5_000
    await maintenance.serveDeadlines(0, 10)
    expect([(await queue.start('a')).taskId, (await queue.start('b')).taskId]).toEqual([
      parked,
      later,
    ])
  })

  test('have the priority and the key of the turn before when they are redriven', async ({
    queue,
    store,
    redis,
  }) => {
    const taskId = await queue.submit({ priority: 1, fairnessKey: 'user-7' })
    await queue.end(await queue.start())
    await store.submit(submission({ taskId, requestId: 'r2', after: 1, isInherited: true }))
    const { head } = taskKeys(taskId)
    expect(await redis.hmget(head, 'priority', 'fairness-key')).toEqual(['1', 'user-7'])
  })
})

describe('a noisy neighbour', () => {
  test.for([
    ['workspace', (name: string) => ({ workspace: name })],
    ['fairness key', (name: string) => ({ fairnessKey: name })],
  ] as const)(
    'does not delay the turns of another %s by more than the slots',
    async ([, laneOf], { queue, time }) => {
      const slots = ['a', 'b', 'c', 'd']
      const tasks = new Map<string, string>()
      for (let at = 0; at < 100; at += 1) tasks.set(await queue.submit(laneOf('noisy')), 'noisy')
      for (let at = 0; at < 10; at += 1) tasks.set(await queue.submit(laneOf('quiet')), 'quiet')
      const running = await Promise.all(slots.map(async (slot) => await queue.start(slot)))
      const order = running.map(({ taskId }) => tasks.get(taskId))
      for (let at = 0; order.length < 80; at += 1) {
        time.now += 100
        const slot = at % slots.length
        const next = await queue.end(running[slot]!, slots[slot])
        if (next?.outcome !== 'claimed') throw new Error('nothing was claimed')
        running[slot] = next
        order.push(tasks.get(next.taskId))
      }
      const quiet = order.flatMap((name, at) => (name === 'quiet' ? [at] : []))
      expect(quiet).toHaveLength(10)
      const gaps = quiet.map((at, index) => at - (quiet[index - 1] ?? -1) - 1)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(slots.length)
    },
  )

  test('with turns that last 100 times longer gets its share of one slot, and no more', async ({
    queue,
    time,
    admin,
  }) => {
    await admin.setLimits(0, 'short', { weight: 3 })
    for (let at = 0; at < 4; at += 1) await queue.submit({ workspace: 'long' })
    for (let at = 0; at < 700; at += 1) await queue.submit({ workspace: 'short' })
    const used = { long: 0, short: 0 }
    let claim = await queue.start()
    while (used.long + used.short < 80_000) {
      const name = claim.workspace as 'long' | 'short'
      const ms = name === 'long' ? 10_000 : 100
      used[name] += ms
      time.now += ms
      const next = await queue.end(claim, 's')
      if (next?.outcome !== 'claimed') throw new Error('nothing was claimed')
      claim = next
    }
    expect(used.long / (used.long + used.short)).toBeCloseTo(0.25, 1)
  })
})

describe('a limit', () => {
  test('of a workspace takes it out of the ring, and a slot that is freed puts it back', async ({
    queue,
    redis,
    admin,
  }) => {
    await admin.setLimits(0, 'w', { running: 2 })
    for (let at = 0; at < 4; at += 1) await queue.submit()
    const first = await queue.start('a')
    const second = await queue.start('b')
    expect(await queue.claim('c')).toEqual({ outcome: 'none' })
    expect(await redis.zcard(keys.ring)).toBe(0)
    expect(await queue.end(first, 'a')).toMatchObject({ outcome: 'claimed' })
    await queue.end(second)
    expect(await redis.zcard(keys.ring)).toBe(1)
    // A limit that is lowered stops nothing that runs.
    await admin.setLimits(0, 'w', { running: 1 })
    expect(await queue.claim('c')).toEqual({ outcome: 'none' })
    await admin.setLimits(0, 'w', {})
    expect(await queue.claim('c')).toMatchObject({ outcome: 'claimed' })
  })

  test('of each key leaves the other keys alone', async ({ queue, admin }) => {
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1 })
    const [none, one, other] = [
      await queue.submit(),
      await queue.submit({ fairnessKey: 'k1' }),
      await queue.submit({ fairnessKey: 'k2' }),
    ]
    const blocked = [await queue.submit(), await queue.submit({ fairnessKey: 'k1' })]
    const started = [await queue.start('a'), await queue.start('b'), await queue.start('c')]
    expect(new Set(started.map(({ taskId }) => taskId))).toEqual(new Set([none, one, other]))
    expect(await queue.claim('d')).toEqual({ outcome: 'none' })
    const ofOne = started.find(({ taskId }) => taskId === one)!
    expect(await queue.end(ofOne, 'b')).toMatchObject({ taskId: blocked[1] })
  })

  test('holds for a turn that returns from a dead worker, too', async ({
    queue,
    admin,
    time,
    maintenance,
  }) => {
    await admin.setLimits(0, 'w', { running: 1 })
    const lost = await queue.submit()
    const other = await queue.submit()
    await queue.start('a')
    time.now += lockMs
    await maintenance.expireLeases(0, 10)
    // A slot is free, and the lost turn uses it.
    const again = await queue.start('b')
    expect(again.taskId).toBe(lost)
    await queue.end(again)
    expect((await queue.start('b')).taskId).toBe(other)
  })

  test('that ends gives no credit for the time before', async ({ queue, admin, time }) => {
    await admin.setLimits(0, 'paused', { paused: true })
    for (let at = 0; at < 20; at += 1) {
      for (const workspace of ['busy', 'paused']) await queue.submit({ workspace })
    }
    let claim = await queue.start()
    const started: string[] = []
    for (let turn = 0; turn < 14; turn += 1) {
      time.now += 1_000
      if (turn === 5) await admin.setLimits(0, 'paused', {})
      const next = await queue.end(claim, 's')
      if (next?.outcome !== 'claimed') throw new Error('nothing was claimed')
      claim = next
      started.push(claim.workspace)
    }
    // Otherwise the workspace would have the only slot for as long as its pause has lasted.
    expect(started.slice(6).filter((name) => name === 'busy')).toHaveLength(4)
  })

  test('of a paused workspace starts nothing, and its end asks for a ticket', async ({
    queue,
    admin,
    tickets,
  }) => {
    await admin.setLimits(0, 'w', { paused: true })
    await queue.submit()
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    while (await tickets.take());
    await admin.setLimits(0, 'w', {})
    await expect.poll(tickets.waiting).toBe(1)
    expect(await queue.claim()).toMatchObject({ outcome: 'claimed' })
  })
})

describe('a claim', () => {
  test('that is sent twice gets the same turn, and an older one gets none', async ({
    queue,
    store,
    redis,
  }) => {
    await queue.submit()
    await queue.submit()
    const old = { shard: 0, slot: 's', attempt: nextAttempt(), lockMs }
    const claim = { ...old, attempt: nextAttempt() }
    const first = await store.claimNext(claim)
    expect(first).toMatchObject({ outcome: 'claimed' })
    expect(await store.claimNext(claim)).toEqual(first)
    expect(await store.claimNext(old)).toEqual({ outcome: 'lost' })
    expect(await redis.zcard(keys.leases)).toBe(1)
    if (first.outcome === 'claimed') await queue.end(first)
    expect(await store.claimNext(claim)).toEqual({ outcome: 'lost' })
  })

  test('with the end of a turn is made once, however often it is sent', async ({
    queue,
    store,
    redis,
  }) => {
    for (let at = 0; at < 3; at += 1) await queue.submit()
    const claim = await queue.start('s')
    const next = { shard: 0, slot: 's', attempt: nextAttempt(), lockMs }
    const append = { ...endOf(claim), next }
    const first = await store.append(append)
    expect(first).toMatchObject({ outcome: 'ok', next: { outcome: 'claimed' } })
    expect(await store.append(append)).toEqual(first)
    expect(await redis.zcard(keys.leases)).toBe(1)
    expect(await queuedTurns(redis)).toHaveLength(1)
  })

  test('of a head that cannot be read sets its turn aside, and claims the next', async ({
    queue,
    redis,
    admin,
    maintenance,
    time,
  }) => {
    const [text, gone, ended, good] = [
      await queue.submit(),
      await queue.submit(),
      await queue.submit(),
      await queue.submit(),
    ]
    await redis.set(taskKeys(text).head, 'not a hash')
    await redis.del(taskKeys(gone).head)
    await redis.hset(taskKeys(ended).head, 'status', 'completed')
    expect((await queue.start()).taskId).toBe(good)
    const aside = await redis.zrange(keys.broken, '0', '-1')
    expect(aside.toSorted()).toEqual([text, gone, ended].map((id) => jobId(id, 1)).toSorted())
    expect(await admin.brokenTurns(0)).toBe(3)
    expect(await admin.counts(0)).toMatchObject({ broken: 3, running: 1 })
    expect(await queuedTurns(redis)).toEqual([])
    // A head that cannot be read at all stays aside.
    time.now += 60_000
    expect(await maintenance.recheckTurns(0, 10)).toBe(0)
    expect(await redis.zrange(keys.broken, '0', '-1')).toEqual([jobId(text, 1)])
    await redis.del(taskKeys(text).head)
    const { findings } = await admin.scan(undefined, {
      repair: false,
      limit: 1_000,
      turnDeadlineMs: 1,
    })
    expect(findings.filter(({ detail }) => detail.startsWith('a claim could not'))).toHaveLength(1)
  })

  test('examines a turn again that could be read only later', async ({
    queue,
    redis,
    maintenance,
    time,
  }) => {
    const taskId = await queue.submit()
    await redis.hset(taskKeys(taskId).head, 'status', 'parked')
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    await redis.hset(taskKeys(taskId).head, 'status', 'queued')
    expect(await maintenance.recheckTurns(0, 10)).toBe(0)
    time.now += 60_000
    expect(await maintenance.recheckTurns(0, 10)).toBe(1)
    expect((await queue.start('b')).taskId).toBe(taskId)
  })

  test('that fails does not undo the end of the turn before it', async ({
    queue,
    store,
    redis,
  }) => {
    await queue.submit()
    const claim = await queue.start()
    await redis.del(keys.scheduler)
    await redis.set(keys.scheduler, 'not a hash')
    const next = { shard: 0, slot: 's', attempt: nextAttempt(), lockMs }
    const reply = await store.append({ ...endOf(claim), next })
    expect(reply).toMatchObject({ outcome: 'ok' })
    expect(reply).not.toHaveProperty('next')
    expect((await store.view(claim.taskId))?.status).toBe('completed')
  })

  test('leaves turns of a newer version to its workers, which serve them first', async ({
    queue,
    redis,
    maintenance,
  }) => {
    const newer = await queue.submit()
    const other = await queue.submit()
    await redis.hset(taskKeys(newer).head, 'v', headVersion + 1)
    expect((await queue.start('a')).taskId).toBe(other)
    expect(await redis.zrange(keys.newer, '0', '-1', 'WITHSCORES')).toEqual([
      jobId(newer, 1),
      `${headVersion + 1}`,
    ])
    await queue.submit()
    await redis.hset(taskKeys(newer).head, 'v', headVersion)
    await redis.zadd(keys.newer, headVersion, jobId(newer, 1))
    expect((await queue.start('b')).taskId).toBe(newer)
    expect(await redis.zscore(keys.ring, '!newer')).toBeNull()
    expect(await maintenance.recheckTurns(0, 10)).toBe(0)
  })

  test('serves a turn that lost its worker before all others', async ({
    queue,
    time,
    maintenance,
  }) => {
    const lost = await queue.submit({ workspace: 'busy' })
    await queue.start('a')
    await queue.submit({ workspace: 'idle', priority: 1 })
    time.now += lockMs
    await maintenance.expireLeases(0, 10)
    expect((await queue.start('b')).taskId).toBe(lost)
  })

  test('waits a lock time for each crash but the first', async ({
    queue,
    time,
    maintenance,
    store,
  }) => {
    await queue.submit()
    for (const crash of [1, 2]) {
      const { taskId, turn, attempt } = await queue.start(`s${crash}`)
      await store.stream({ taskId, turn, attempt }, 1, [
        { partId: `p${crash}`, kind: 'text', text: 'x' },
      ])
      time.now += lockMs
      await maintenance.expireLeases(0, 10)
    }
    expect(await queue.claim('c')).toEqual({ outcome: 'none' })
    expect(await maintenance.findWork(0)).toMatchObject({ returnsInMs: lockMs })
    time.now += lockMs
    expect(await queue.start('c')).toMatchObject({ deaths: 2 })
  })

  test('leaves a turn that has crashed several workers to others while its process runs such a turn', async ({
    queue,
    store,
    time,
    maintenance,
    redis,
  }) => {
    const crashed = await queue.submit()
    const { head } = taskKeys(crashed)
    await redis.hset(head, 'epoch', 3, 'deaths', 3, 'streamed', 3, 'died', time.now)
    const claim = { shard: 0, slot: 's', lockMs, leavesCrashed: true }
    expect(await store.claimNext({ ...claim, attempt: nextAttempt() })).toEqual({ outcome: 'none' })
    const other = await queue.submit()
    expect(await store.claimNext({ ...claim, attempt: nextAttempt() })).toMatchObject({
      taskId: other,
    })
    const returns = await maintenance.findWork(0)
    expect(returns).toMatchObject({ isStartable: false, returnsInMs: limits.crashedDelay })
    time.now += limits.crashedDelay
    expect(await queue.start('b')).toMatchObject({ taskId: crashed, deaths: 3 })
  })

  test('lets a turn wait whose log needs more capacity, and others start', async ({
    queue,
    store,
    time,
  }) => {
    const [large, small] = [await queue.submit(), await queue.submit()]
    const claim = { shard: 0, slot: 's', lockMs, capacity: 10 }
    const reply = await store.claimNext({ ...claim, attempt: nextAttempt() })
    expect(reply).toMatchObject({ outcome: 'large', taskId: large })
    await store.postpone({ taskId: large, turn: 1 }, 1_000)
    expect((await queue.start('a')).taskId).toBe(small)
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
    time.now += 1_000
    expect((await queue.start('b')).taskId).toBe(large)
  })
})

describe('tickets', () => {
  test('chain: each claim that leaves work asks for one, and one that finds nothing for none', async ({
    queue,
    tickets,
    redis,
  }) => {
    for (let at = 0; at < 20; at += 1) await queue.submit()
    await redis.del(keys.tickets)
    await tickets.add()
    const before = tickets.added()
    let slots = 0
    while (await tickets.take()) {
      slots += 1
      await queue.claim(`s${slots}`)
    }
    expect(await queuedTurns(redis)).toEqual([])
    // One ticket has started all turns. The last claim left no work.
    expect([slots, tickets.added() - before]).toEqual([20, 19])
    expect(await queue.claim('idle')).toEqual({ outcome: 'none' })
    expect(await tickets.waiting()).toBe(0)
  })

  test('are asked for when a slot of a workspace at its limit is freed from outside', async ({
    queue,
    admin,
    tickets,
    store,
  }) => {
    await admin.setLimits(0, 'w', { running: 1 })
    const first = await queue.submit()
    await queue.submit()
    await queue.start()
    while (await tickets.take());
    await store.cancel({ taskId: first }, { reason: 'why', graceMs: 0 })
    await expect.poll(tickets.waiting).toBe(1)
  })
})

describe('the ticket of a submit', () => {
  test('is sent with the submit when the one before wanted a ticket', async ({
    queue,
    tickets,
  }) => {
    await queue.submit()
    expect(tickets.added()).toBe(1)
    const next = queue.submit()
    expect(tickets.added()).toBe(2)
    await next
    expect(tickets.added()).toBe(2)
  })

  test('waits for the reply of a turn that starts later, or after a refused turn', async ({
    queue,
    tickets,
    store,
  }) => {
    const taskId = await queue.submit()
    const later = queue.submit({ startInMs: 60_000 })
    expect(tickets.added()).toBe(1)
    await later
    await queue.submit()
    expect(tickets.added()).toBe(2)
    // The spare ticket of a refused turn, and none for the next refused one.
    const again = submission({ taskId, requestId: 'r2', after: 1 })
    for (const { action } of [await store.submit(again), await store.submit(again)])
      expect(action).toBe('conflict')
    expect(tickets.added()).toBe(3)
  })
})

test('a pause holds everything, and its end asks for a ticket', async ({
  queue,
  admin,
  tickets,
}) => {
  await admin.pause(0, true)
  await queue.submit()
  expect(await queue.claim()).toEqual({ outcome: 'none' })
  expect(await admin.counts(0)).toMatchObject({ queued: 1, running: 0, paused: true })
  while (await tickets.take());
  await admin.pause(0, false)
  await expect.poll(tickets.waiting).toBe(1)
  expect(await queue.claim()).toMatchObject({ outcome: 'claimed' })
})

test('counts that have drifted are corrected', async ({ queue, redis, maintenance, admin }) => {
  await admin.setLimits(0, 'w', { running: 1 })
  for (let at = 0; at < 3; at += 1) await queue.submit({ fairnessKey: `k${at % 2}` })
  await queue.end(await queue.start())
  await redis.sadd(keys.runningTurns('w'), jobId('01K00000000000000000000009', 1))
  await redis.hset(keys.workspaceState('w'), 'queued', 9)
  await redis.del(keys.ring)
  expect(await queue.claim()).toEqual({ outcome: 'none' })
  expect(await maintenance.checkWorkspaces(0, 10)).toBe(3)
  expect(await maintenance.checkWorkspaces(0, 10)).toBe(0)
  expect(await queue.claim()).toMatchObject({ outcome: 'claimed' })
  expect(await admin.counts(0)).toMatchObject({ queued: 1, running: 1 })
})

test('the slots of workers that have left are forgotten', async ({ queue, redis, maintenance }) => {
  await queue.submit()
  await maintenance.workerAlive(0, 'alive')
  await queue.claim('alive:1')
  await queue.claim('dead:1')
  await maintenance.checkWorkspaces(0, 10)
  const slots = async () =>
    (await redis.hkeys(keys.scheduler)).filter((name) => name.startsWith('slot:'))
  expect(await slots()).toEqual(['slot:alive:1'])
  await maintenance.workerGone(0, 'alive')
  expect(await slots()).toEqual([])
})

test('turns of an earlier version are adopted from its outbox, with its pause', async ({
  redis,
  queue,
  maintenance,
  admin,
}) => {
  const taskId = await queue.submit()
  const job = jobId(taskId, 1)
  // As the earlier version stores it.
  await redis.zrem(keys.backlog('w', ''), job)
  await maintenance.checkWorkspaces(0, 10)
  const { head } = taskKeys(taskId)
  await redis.hset(head, { v: 1, segment: 1, job })
  await redis.hdel(head, 'rank')
  await redis.zadd(keys.outbox, 5, job, 6, jobId('01K00000000000000000000009', 1))
  await redis.lpush(keys.formerWait, job)
  await redis.hset(keys.formerQueue + job, 'name', 'run')
  await redis.hset(keys.formerMeta, 'paused', 1)

  expect(await maintenance.adopt(0, 10)).toMatchObject({ adopted: 1 })
  expect(await redis.zcard(keys.outbox)).toBe(0)
  expect(await maintenance.adopt(0, 10)).toMatchObject({ adopted: 0, isMoreLeft: false })
  expect(await redis.exists(keys.formerWait, keys.formerQueue + job)).toBe(0)
  expect(await queue.claim()).toEqual({ outcome: 'none' })
  expect(await admin.isPaused(0)).toBe(true)
  await admin.pause(0, false)
  await maintenance.adopt(0, 10)
  expect(await queue.claim()).toMatchObject({ outcome: 'claimed', taskId })
  expect(await redis.hget(head, 'v')).toBe(`${headVersion}`)
})
