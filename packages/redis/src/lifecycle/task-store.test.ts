import {
  type Append,
  type ClaimReply,
  headVersion,
  JsonText,
  limits,
  type NewFact,
} from '@longhaul/core'
import { describe, expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { createTickets } from '../queue/tickets.ts'
import { queuedTurns, waitingTickets } from './queued.fixture.ts'
import { createTaskStore } from './task-store.ts'
import {
  completed,
  job,
  jobName,
  lock,
  result,
  submission,
  taskId,
  test,
  tool,
} from './turn.fixture.ts'

describe('submit', () => {
  test('creates a task that waits for a worker', async ({ store, redis }) => {
    const reply = await store.submit(submission())
    expect(reply).toEqual({ action: 'accepted', turn: 1, startedAt: 1_000_000, pos: 1, fact: 0 })
    expect(await store.view(taskId)).toMatchObject({ status: 'queued', turn: 1, workspace: 'w' })
    expect(await queuedTurns(redis)).toEqual([jobName])
    expect(await redis.zrange(shardKeys(0).tasksOf('w'), '0', '-1')).toEqual([taskId])
  })

  test('adds a ticket that names the turn, unless very many wait', async ({ redis }) => {
    const { queue, tickets: waiting } = shardKeys(0)
    const tickets = createTickets(redis, 1)
    const store = createTaskStore(redis, { tickets })
    await store.submit(submission())
    await expect.poll(() => waitingTickets(redis)).toBe(1)
    const [ticket = ''] = await redis.lrange(waiting, 0, -1)
    expect(JSON.parse((await redis.hget(queue + ticket, 'data')) ?? '')).toEqual(job)
    await redis.lpush(waiting, ...Array.from({ length: 999 }, (_, at) => `t${at}`))
    await store.submit(submission({ taskId: taskId.replace(/0$/, '1') }))
    await redis.rpop(waiting)
    await store.submit(submission({ taskId: taskId.replace(/0$/, '2') }))
    await expect.poll(() => waitingTickets(redis)).toBe(1_000)
    expect(await queuedTurns(redis)).toHaveLength(3)
    await tickets.close()
  })

  test('sent twice is one turn, and finds it', async ({ store, redis }) => {
    const first = await store.submit(submission())
    expect(await store.submit(submission())).toEqual({ ...first, action: 'replay' })
    expect(await redis.llen(taskKeys(taskId).log)).toBe(1)
  })

  test('refuses a turn while one is live, and one for a turn that is not the latest', async ({
    store,
  }) => {
    await store.submit(submission())
    expect(await store.submit(submission({ requestId: 'r2', after: 1 }))).toEqual({
      action: 'conflict',
    })
    await runToEnd(store)
    expect(await store.submit(submission({ requestId: 'r3', after: 0 }))).toEqual({
      action: 'conflict',
    })
    expect(await store.submit(submission({ requestId: 'r4', after: 1 }))).toMatchObject({
      action: 'accepted',
      turn: 2,
      fact: 4,
    })
    expect((await store.view(taskId))?.result).toBeUndefined()
  })

  test('a repetition never finds a later turn', async ({ store }) => {
    await store.submit(submission())
    await runToEnd(store)
    await store.submit(submission({ requestId: 'r2', after: 1 }))
    expect(await store.submit(submission())).toMatchObject({ action: 'replay', turn: 1 })
  })

  test('treats a task of another workspace as unknown', async ({ store }) => {
    const later = { requestId: 'r2', after: 1 }
    expect(await store.submit(submission(later))).toEqual({ action: 'not_found' })
    await store.submit(submission())
    await runToEnd(store)
    expect(await store.submit(submission({ ...later, workspace: 'other' }))).toEqual({
      action: 'not_found',
    })
    expect(await store.submit(submission({ ...later, agentId: 'other' }))).toEqual({
      action: 'not_found',
    })
  })
})

describe('claim', () => {
  test('gives the turn to one attempt, with all facts', async ({ store, redis }) => {
    await store.submit(submission())
    const claim = await store.claim(job, 'a1', lock)
    expect(claim).toMatchObject({
      outcome: 'claimed',
      epoch: 1,
      workspace: 'w',
      cancelRequested: false,
    })
    expect(types(claim)).toEqual(['turn.started', 'attempt.started'])
    expect(await queuedTurns(redis)).toEqual([])
    expect(await redis.zscore(shardKeys(0).leases, jobName)).toBe('1010000')
  })

  test('sent twice returns the same reply', async ({ store }) => {
    await store.submit(submission())
    const claim = await store.claim(job, 'a1', lock)
    expect(await store.claim(job, 'a1', lock)).toEqual(claim)
  })

  test('of a log above the capacity returns its size, and changes nothing', async ({
    store,
    maintenanceStore,
    redis,
    time,
  }) => {
    await claimed(store)
    const fact = returnedText(500_000)
    const reply = await store.append(append(1, [fact]))
    const held = reply.outcome === 'ok' ? reply.held : 0
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    const before = await redis.hgetall(taskKeys(taskId).head)
    expect(await store.claim(job, 'a2', lock, { capacity: held - 1 })).toEqual({
      outcome: 'large',
      ...job,
      bytes: held,
      workspace: 'w',
    })
    expect(await redis.hgetall(taskKeys(taskId).head)).toEqual(before)
    expect(await store.claim(job, 'a2', lock, { capacity: held })).toMatchObject({
      outcome: 'claimed',
      held,
    })
  })

  test('is refused while another attempt has the lease, and granted when it has expired', async ({
    store,
    maintenanceStore,
    time,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    time.now += 4_000
    expect(await store.claim(job, 'a2', lock)).toEqual({ outcome: 'gone' })
    time.now += 6_000
    await maintenanceStore.expireLeases(0, 10)
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ outcome: 'claimed', epoch: 2 })
  })

  test('finds nothing to do for an ended turn, another turn, or an unknown task', async ({
    store,
  }) => {
    await store.submit(submission())
    const other = { ...job, turn: 2 }
    expect(await store.claim(other, 'a', lock)).toEqual({ outcome: 'gone' })
    await runToEnd(store)
    expect(await store.claim(job, 'a', lock)).toEqual({ outcome: 'gone' })
    expect(await store.claim({ ...job, taskId: taskId.replace(/0$/, '1') }, 'a', lock)).toEqual({
      outcome: 'gone',
    })
  })

  test('changes nothing of a task that a newer version wrote', async ({ store, redis }) => {
    await store.submit(submission())
    await redis.hset(taskKeys(taskId).head, 'v', headVersion + 1)
    const before = await redis.hgetall(taskKeys(taskId).head)
    expect(await store.claim(job, 'a1', lock)).toEqual({ outcome: 'gone' })
    expect(await redis.hgetall(taskKeys(taskId).head)).toEqual(before)
  })

  test('abandons the parts that the previous attempt had begun', async ({
    store,
    maintenanceStore,
    time,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.stream({ ...job, attempt: 'a1' }, 1, [
      delta('p1', 'a'),
      delta('p1', 'b'),
      delta('p2', 'c'),
    ])
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    const claim = await store.claim(job, 'a2', lock)
    expect(claim.outcome === 'claimed' && claim.facts.at(-2)).toMatchObject({
      type: 'parts.abandoned',
      parts: [
        { partId: 'p1', kind: 'text', deltas: 2 },
        { partId: 'p2', kind: 'text', deltas: 1 },
      ],
    })
  })
})

describe('append', () => {
  test('numbers facts one by one and returns the end of the log', async ({ store }) => {
    await claimed(store)
    expect(await store.append(append(1, [tool('c1'), tool('c2')]))).toEqual({
      outcome: 'ok',
      length: 4,
      bytes: 340,
      held: 340,
      pos: 4,
      at: 1_000_000,
      cancelRequested: false,
    })
    const facts = await store.facts(taskId, 2)
    expect(facts).toMatchObject([
      { ...tool('c1'), v: 1, pos: 3, at: 1_000_000 },
      { ...tool('c2'), pos: 4 },
    ])
  })

  test('sent twice changes nothing', async ({ store }) => {
    await claimed(store)
    const first = await store.append(append(1, [tool('c1')]))
    expect(await store.append(append(1, [tool('c1')]))).toEqual(first)
    expect(await store.facts(taskId)).toHaveLength(3)
  })

  test('refuses an attempt that has lost the turn', async ({ store, maintenanceStore, time }) => {
    await claimed(store)
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    await store.claim(job, 'a2', lock)
    expect(await store.append(append(1, [tool('c1')]))).toEqual({ outcome: 'fenced' })
    expect(await store.stream({ ...job, attempt: 'a1' }, 1, [delta('p', 'x')])).toMatchObject({
      alive: false,
    })
    expect(await store.beat({ ...job, attempt: 'a1' }, lock)).toMatchObject({ alive: false })
    expect(await store.release({ ...job, attempt: 'a1' })).toEqual({ released: false })
  })

  test('stores large values beside the log and restores them', async ({ store, redis }) => {
    await claimed(store)
    const large = { list: ['', 'é'.repeat(20_000)], empty: [], odd: { $blob: 1 } }
    const fact: NewFact = { type: 'tool.returned', callId: 'c', toolId: 't', result: large, ms: 1 }
    await store.append(append(1, [fact]))
    const raw = await redis.lindex(taskKeys(taskId).log, -1)
    expect(raw?.length).toBeLessThan(1_000)
    expect((await store.readableFacts(taskId)).at(-1)).toMatchObject(fact)
    expect(await redis.hget(taskKeys(taskId).head, 'blobs')).toMatch(/^ [0-9a-f]{64}$/)
  })

  test('stores a large result that is JSON already like any other', async ({ store, redis }) => {
    await claimed(store)
    const large = { list: ['', 'é'.repeat(20_000)], number: 1 }
    const returned = { type: 'tool.returned', callId: 'c', toolId: 't', ms: 1 } as const
    const json = new JsonText(JSON.stringify(large))
    await store.append(append(1, [{ ...returned, result: large }]))
    await store.append(append(2, [{ ...returned, result: json }]))
    const [, , one, other] = await store.readableFacts(taskId)
    expect(other).toEqual({ ...one, pos: 4 })
    expect(await redis.hget(taskKeys(taskId).head, 'blobs')).toMatch(/^ [0-9a-f]{64}$/)
  })

  test('for a long result, rules get the beginning and the length', async ({ store }) => {
    await claimed(store)
    const fact = returnedText(900_000)
    const reply = await store.append(append(1, [fact]))
    expect(reply).toMatchObject({ bytes: expect.closeTo(900_800, -3) })
    expect(reply).toMatchObject({ held: expect.closeTo(limits.toolResultForModel + 800, -3) })
    expect(await store.append(append(1, [fact]))).toEqual(reply)
    const held = { beginning: 'x'.repeat(limits.toolResultForModel), length: 900_000 }
    expect((await store.facts(taskId)).at(-1)).toMatchObject({ result: held })
    expect((await store.readableFacts(taskId)).at(-1)).toMatchObject({
      result: 'x'.repeat(900_000),
    })
  })
})

describe('a decision', () => {
  test('ends the turn once, and for good', async ({ store, redis }) => {
    await claimed(store)
    const end = append(1, [completed], { folded: 2, status: 'completed', result })
    expect(await store.append(end)).toMatchObject({ outcome: 'ok', length: 3 })
    expect(await store.append(end)).toMatchObject({ outcome: 'ok', length: 3 })
    expect(await store.append(append(2, [tool('late')]))).toEqual({ outcome: 'fenced' })
    expect(await store.view(taskId)).toMatchObject({ status: 'completed', result })
    for (const set of ['returned', 'leases', 'deadlines'] as const) {
      expect(await redis.zcard(shardKeys(0)[set])).toBe(0)
    }
  })

  test('is refused when the log has changed since it was folded', async ({ store }) => {
    await claimed(store)
    await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })
    const end = append(1, [completed], { folded: 2, status: 'completed', result })
    expect(await store.append(end)).toEqual({ outcome: 'stale', cancelRequested: true })
    expect((await store.facts(taskId)).at(-1)).toMatchObject({ type: 'cancel.requested' })
  })
})

describe('cancel', () => {
  test('ends a queued turn at once', async ({ store, redis }) => {
    await store.submit(submission())
    expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })).toBe('ended')
    expect(await store.view(taskId)).toMatchObject({
      status: 'cancelled',
      result: { model: 'x/y', failure: { code: 'cancelled', status: 409 } },
    })
    expect(await queuedTurns(redis)).toEqual([])
    expect(await store.claim(job, 'a1', lock)).toEqual({ outcome: 'gone' })
  })

  test('notifies a running attempt, once', async ({ store }) => {
    await claimed(store)
    expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })).toBe('stopping')
    expect(await store.cancel({ taskId }, { reason: 'again', graceMs: 2_000 })).toBe('stopping')
    expect(await store.beat({ ...job, attempt: 'a1' }, lock)).toEqual({
      alive: true,
      cancelRequested: true,
    })
    expect(
      (await store.facts(taskId)).filter((fact) => fact.type === 'cancel.requested'),
    ).toHaveLength(1)
  })

  test('ends a turn at its deadline when its worker does not', async ({
    store,
    maintenanceStore,
    time,
  }) => {
    await claimed(store)
    await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })
    time.now += 1_999
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 0 })
    time.now += 1
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 1 })
    expect(await store.view(taskId)).toMatchObject({ status: 'cancelled' })
    expect(await store.append(append(1, [tool('c1')]))).toEqual({ outcome: 'fenced' })
  })

  test('of an ended or unknown turn changes nothing', async ({ store }) => {
    expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })).toBe('not_found')
    await store.submit(submission())
    await runToEnd(store)
    expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })).toBe('ended')
    expect(await store.view(taskId)).toMatchObject({ status: 'completed' })
  })
})

describe('maintenance', () => {
  test('gives a dead worker’s turn to the next one', async ({ store, maintenanceStore, time }) => {
    await claimed(store)
    time.now += lock - 1
    expect(await maintenanceStore.expireLeases(0, 10)).toEqual({ expired: 0, failures: [] })
    time.now += 1
    expect(await maintenanceStore.expireLeases(0, 10)).toMatchObject({ expired: 1 })
    expect(await store.append(append(1, [tool('c1')]))).toEqual({ outcome: 'fenced' })
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ epoch: 2 })
  })

  test('does not take a turn whose worker still sends heartbeats', async ({
    store,
    maintenanceStore,
    time,
  }) => {
    await claimed(store)
    time.now += lock - 1
    await store.beat({ ...job, attempt: 'a1' }, lock)
    time.now += lock - 1
    expect(await maintenanceStore.expireLeases(0, 10)).toEqual({ expired: 0, failures: [] })
  })

  test('takes a turn whose worker’s heartbeat arrived after its lease had expired', async ({
    store,
    maintenanceStore,
    time,
  }) => {
    await claimed(store)
    time.now += lock
    expect(await store.beat({ ...job, attempt: 'a1' }, lock)).toMatchObject({ alive: false })
    expect(await maintenanceStore.expireLeases(0, 10)).toMatchObject({ expired: 1 })
  })

  test('finds the next turn of a task that was removed with its agent', async ({
    store,
    maintenanceStore,
  }) => {
    await store.submit(submission())
    await runToEnd(store)
    await maintenanceStore.taskOfAgentDone(0, 'A', taskId)
    expect(await maintenanceStore.tasksOfAgent(0, 'A', 10)).toEqual([])
    await store.submit(submission({ requestId: 'r2', after: 1 }))
    expect(await maintenanceStore.tasksOfAgent(0, 'A', 10)).toEqual([taskId])
  })
})

test('a released turn can be claimed at once, under the same job', async ({ store, redis }) => {
  await claimed(store)
  expect(await store.release({ ...job, attempt: 'a1' })).toEqual({ released: true })
  expect(await redis.zcard(shardKeys(0).leases)).toBe(0)
  expect(await store.claim(job, 'a2', lock)).toMatchObject({ outcome: 'claimed', epoch: 2 })
})

test('a live turn is always in exactly one of backlogs and leases', async ({
  store,
  redis,
  maintenanceStore,
  time,
}) => {
  const where = async () => [
    (await queuedTurns(redis)).length,
    await redis.zcard(shardKeys(0).leases),
  ]
  await store.submit(submission())
  expect(await where()).toEqual([1, 0])
  await store.claim(job, 'a1', lock)
  expect(await where()).toEqual([0, 1])
  await store.release({ ...job, attempt: 'a1' })
  expect(await where()).toEqual([1, 0])
  await store.claim(job, 'a2', lock)
  time.now += lock
  await maintenanceStore.expireLeases(0, 10)
  expect(await where()).toEqual([1, 0])
})

test('a part without recorded deltas is read with one, under the number before its own', async ({
  store,
}) => {
  await claimed(store)
  const part = { type: 'part.finished', step: 1, partId: 'p', kind: 'text', text: 'x' } as const
  const facts: NewFact[] = [
    { ...part, deltas: 1, whole: true },
    { ...part, kind: 'reasoning', partId: 'q', deltas: 1, whole: true },
    tool('c'),
  ]
  expect(await store.append(append(1, facts))).toMatchObject({ length: 5, pos: 7 })
  const read = async (after: number, fact: number) =>
    (await store.read(taskId, { pos: after, fact }))?.entries.map((entry) =>
      entry.type === 'delta'
        ? [entry.pos, entry.partId, entry.kind, entry.text]
        : [entry.pos, entry.type],
    )
  const all = [
    [3, 'p', 'text', 'x'],
    [4, 'part.finished'],
    [5, 'q', 'reasoning', 'x'],
    [6, 'part.finished'],
    [7, 'tool.called'],
  ]
  expect(await read(2, 2)).toEqual(all)
  expect(await read(3, 2)).toEqual(all.slice(1))
  expect(await read(4, 3)).toEqual(all.slice(2))
  expect(await read(5, 3)).toEqual(all.slice(3))
})

test('facts and deltas are read merged, by their numbers, from any cursor', async ({ store }) => {
  await claimed(store)
  await store.stream({ ...job, attempt: 'a1' }, 1, [delta('p', 'he'), delta('p', 'llo')])
  await store.append(append(2, [tool('c1')]))
  await store.stream({ ...job, attempt: 'a1' }, 3, [delta('q', '!')])
  const all = await store.read(taskId, { pos: 0, fact: 0 })
  expect(all?.entries.map(({ pos, type }) => [pos, type])).toEqual([
    [1, 'turn.started'],
    [2, 'attempt.started'],
    [3, 'delta'],
    [4, 'delta'],
    [5, 'tool.called'],
    [6, 'delta'],
  ])
  const rest = await store.read(taskId, { pos: 4, fact: 2 })
  expect(rest?.entries.map(({ pos }) => pos)).toEqual([5, 6])
})

test('a read up to a delta finds the same as any other, whatever lies between', async ({
  store,
}) => {
  await claimed(store)
  await store.stream({ ...job, attempt: 'a1' }, 1, [delta('p', 'he'), delta('p', 'llo')])
  await store.append(append(2, [tool('c1')]))
  const refusal = { ...delta('q', 'I will not'), refusal: true as const }
  await store.stream({ ...job, attempt: 'a1' }, 3, [
    refusal,
    { ...delta('q', '!'), kind: 'reasoning' },
  ])
  for (const [cursor, deltasTo] of [
    [{ pos: 0, fact: 0 }, 4],
    [{ pos: 2, fact: 2 }, 7],
    [{ pos: 4, fact: 2 }, 7],
    [{ pos: 5, fact: 3 }, 7],
    [{ pos: 6, fact: 3 }, 7],
    [{ pos: 7, fact: 3 }, 7],
    [{ pos: 7, fact: 3 }, 9],
  ] as const) {
    const few = await store.read(taskId, cursor, deltasTo)
    expect(few?.entries).toEqual((await store.read(taskId, cursor))?.entries)
    expect(few).toMatchObject({ status: 'running', pos: 7 })
  }
  const two = await store.read(taskId, { pos: 2, fact: 2 }, 4)
  expect(two).toMatchObject({ pos: 4, entries: [{ text: 'he' }, { text: 'llo' }] })
})

test('a large delta is read, too', async ({ store }) => {
  await claimed(store)
  const text = 'x'.repeat(100_000)
  await store.stream({ ...job, attempt: 'a1' }, 1, [delta('p', text)])
  expect((await store.read(taskId, { pos: 2, fact: 2 }, 3))?.entries).toMatchObject([{ text }])
})

test('pieces of a refusal are read as such, and its part is abandoned as a text', async ({
  store,
  maintenanceStore,
  time,
}) => {
  await claimed(store)
  const piece = { ...delta('p', 'I will not'), refusal: true as const }
  await store.stream({ ...job, attempt: 'a1' }, 1, [piece])
  const read = await store.read(taskId, { pos: 2, fact: 2 })
  expect(read?.entries).toMatchObject([{ kind: 'text', text: 'I will not', refusal: true }])
  time.now += lock
  await maintenanceStore.expireLeases(0, 10)
  const claim = await store.claim(job, 'a2', lock)
  expect(claim.outcome === 'claimed' && claim.facts.at(-2)).toMatchObject({
    parts: [{ partId: 'p', kind: 'text', deltas: 1 }],
  })
})

test('streamed output sent twice is recorded once', async ({ store }) => {
  await claimed(store)
  await store.stream({ ...job, attempt: 'a1' }, 1, [delta('p', 'he')])
  await store.stream({ ...job, attempt: 'a1' }, 1, [delta('p', 'he')])
  expect((await store.read(taskId, { pos: 2, fact: 2 }))?.entries).toHaveLength(1)
})

test('when there is much streamed output, the pieces of finished parts are removed', async ({
  store,
  redis,
}) => {
  await claimed(store)
  const bytes = limits.deltas / 4
  let ordinal = 0
  for (let step = 0; step < 12; step += 1) {
    const pieces = ['x'.repeat(bytes / 2), 'y'.repeat(bytes / 2)]
    for (const text of pieces) {
      await store.stream({ ...job, attempt: 'a1' }, (ordinal += 1), [delta(`p${step}`, text)])
    }
    const kept = await redis.xrange(taskKeys(taskId).deltas, '-', '+')
    const sizes = kept.map(([, fields]) => fields.at(-1)?.length ?? 0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(limits.deltas + bytes)
    expect(sizes.length).toBeGreaterThanOrEqual(2)
    const parts = [{ partId: `p${step}`, kind: 'text' as const, deltas: 2 }]
    await store.append(append((ordinal += 1), [{ type: 'parts.abandoned', parts }]))
  }
})

test('long logs are read in pages that lose and repeat nothing', async ({ store }) => {
  await claimed(store)
  let ordinal = 0
  for (let round = 0; round < 12; round += 1) {
    const calls = Array.from({ length: 100 }, (_, at) => tool(`c${round}.${at}`))
    await store.append(append((ordinal += 1), calls))
    const deltas = Array.from({ length: 60 }, () => delta('p', 'x'))
    await store.stream({ ...job, attempt: 'a1' }, (ordinal += 1), deltas)
  }
  const seen: number[] = []
  const cursor = { pos: 0, fact: 0 }
  for (;;) {
    const entries = (await store.read(taskId, cursor))?.entries ?? []
    if (entries.length === 0) break
    seen.push(...entries.map(({ pos }) => pos))
    cursor.pos = seen.at(-1)!
    cursor.fact += entries.filter(({ type }) => type !== 'delta').length
  }
  expect(seen).toEqual(Array.from({ length: 2 + 12 * 160 }, (_, at) => at + 1))
})

test('one read returns at most a page, and at least one entry', async ({ store }) => {
  await claimed(store)
  const large = { type: 'tool.returned', callId: 'c', toolId: 't', ms: 1 } as const
  for (let ordinal = 1; ordinal <= 4; ordinal += 1) {
    await store.append(append(ordinal, [{ ...large, result: `${ordinal}`.repeat(700_000) }]))
  }
  const read = async (fact: number) =>
    (await store.read(taskId, { pos: fact, fact }))?.entries.map(({ pos }) => pos)
  expect(await read(0)).toEqual([1, 2, 3])
  expect(await read(3)).toEqual([4])
  expect(await read(5)).toEqual([6])
})

test('a cursor after any number leads to the first fact after it', async ({ store, redis }) => {
  expect(await store.cursorAfter(taskId, 0)).toBeUndefined()
  await claimed(store)
  for (let ordinal = 1; ordinal < 40; ordinal += 2) {
    const deltas = Array.from({ length: ordinal % 4 }, () => delta('p', 'x'))
    await store.stream({ ...job, attempt: 'a1' }, ordinal, deltas)
    await store.append(append(ordinal + 1, [tool(`c${ordinal}`)]))
  }
  const facts = await store.facts(taskId)
  const last = facts.at(-1)?.pos ?? 0
  expect(last).toBeGreaterThan(facts.length)
  for (let pos = 0; pos <= last + 2; pos += 1) {
    const next = facts.findIndex((fact) => fact.pos > pos)
    const fact = next === -1 ? facts.length : next
    expect([pos, await store.cursorAfter(taskId, pos)]).toEqual([
      pos,
      { fact, length: facts.length },
    ])
  }
  await redis.hset(taskKeys(taskId).head, 'status', 'forgotten')
  expect(await store.cursorAfter(taskId, 0)).toBeUndefined()
})

test('the head contains the start of each turn', async ({ store, redis }) => {
  expect(await store.turns(taskId)).toEqual([])
  await store.submit(submission())
  await runToEnd(store)
  await store.submit(submission({ requestId: 'r2', after: 1 }))
  expect(await store.turns(taskId)).toEqual([
    { turn: 1, startedAt: 1_000_000, pos: 1, fact: 0 },
    { turn: 2, startedAt: 1_000_000, pos: 5, fact: 4 },
  ])
  // Enough turns to make Redis store the head in another form, which is read in parts.
  const more = Array.from({ length: 2_000 }, (_, at) => [
    `r:x${at}`,
    `${at + 3} 1 ${at + 6} ${at + 5}`,
  ])
  await redis.hset(taskKeys(taskId).head, ...more.flat())
  const turns = await store.turns(taskId)
  expect(turns.map(({ turn }) => turn)).toEqual(Array.from({ length: 2_002 }, (_, at) => at + 1))
})

type Store = ReturnType<typeof createTaskStore>

async function claimed(store: Store): Promise<void> {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
}

async function runToEnd(store: Store): Promise<void> {
  await store.claim(job, 'a1', lock)
  await store.append(append(1, [tool('c')]))
  await store.append(append(2, [completed], { folded: 3, status: 'completed', result }))
}

function append(ordinal: number, facts: NewFact[], end?: Append['end']): Append {
  return { taskId, turn: 1, attempt: 'a1', ordinal, facts, ...(end === undefined ? {} : { end }) }
}

/** The result of a call, a text of this length. */
function returnedText(length: number): NewFact {
  const json = new JsonText(JSON.stringify('x'.repeat(length)))
  return { type: 'tool.returned', callId: 'c', toolId: 't', result: json, ms: 1 }
}

function delta(partId: string, text: string) {
  return { partId, kind: 'text' as const, text }
}

function types(claim: ClaimReply): string[] {
  return claim.outcome === 'claimed' ? claim.facts.map(({ type }) => type) : []
}
