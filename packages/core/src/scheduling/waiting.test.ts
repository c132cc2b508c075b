import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { waitingSentence, waitingSentences } from './waiting-sentence.ts'
import { type Waiting, type WaitingKind, type WaitingTurn, whyWaiting } from './waiting.ts'

const now = 1_000_000
const noLimit = { running: 3, limit: undefined }

function turn(part: Partial<WaitingTurn>): WaitingTurn {
  return {
    now,
    lastFactAt: now - 500,
    parked: undefined,
    place: 'lane',
    ahead: 0,
    returnsAt: undefined,
    isLost: false,
    startAt: undefined,
    rate: undefined,
    isPaused: false,
    workspace: noLimit,
    key: noLimit,
    holders: [],
    workers: 1,
    ...part,
  }
}

const parked = (kind: WaitingKind, also: WaitingKind[] = []) =>
  turn({ place: 'parked', parked: { until: now + 60_000, for: kind, also } })

const since = now - 500
const later = now + 60_000
const full = { running: 2, limit: 2 }

test.for<[string, WaitingTurn, Waiting]>([
  ['a worker', turn({ ahead: 17 }), { for: 'worker', since, ahead: 17 }],
  ['any worker', turn({ workers: 0 }), { for: 'no_worker', since, ahead: 0 }],
  ['a worker of a newer version', turn({ place: 'newer' }), { for: 'no_worker', since }],
  [
    'a slot of its workspace',
    turn({ workspace: full, holders: ['a', 'b'] }),
    { for: 'workspace_running', since, ahead: 0, limit: 2, inUse: 2, heldBy: ['a', 'b'] },
  ],
  [
    'a slot of its key',
    turn({ key: full, holders: ['a'] }),
    { for: 'fairness_key_running', since, ahead: 0, limit: 2, inUse: 2, heldBy: ['a'] },
  ],
  [
    'requests of a model',
    turn({ rate: { kind: 'model_requests', until: later } }),
    { for: 'model_requests', since, ahead: 0, starts: later },
  ],
  [
    'tokens of a model, although it was parked',
    turn({
      place: 'parked',
      parked: { until: later },
      rate: { kind: 'model_tokens', until: later },
    }),
    { for: 'model_tokens', since, starts: later },
  ],
  ['the end of a pause', turn({ isPaused: true }), { for: 'paused', since, ahead: 0 }],
  [
    'its time',
    turn({ place: 'none', ahead: undefined, startAt: later }),
    { for: 'start_at', since, starts: later },
  ],
  ['a provider', parked('provider_retry'), { for: 'provider_retry', since, starts: later }],
  ['a reviewer', parked('approval'), { for: 'approval', since }],
  [
    'a sub-agent and a reviewer',
    { ...parked('approval', ['sub_agent']), holders: ['c'] },
    { for: 'approval', since, also: ['sub_agent'] },
  ],
  [
    'a sub-agent',
    { ...parked('sub_agent'), holders: ['c'] },
    { for: 'sub_agent', since, heldBy: ['c'] },
  ],
  [
    'a time, where an earlier version has parked it',
    turn({ place: 'parked', parked: { until: later } }),
    { for: 'timer', since, starts: later },
  ],
  [
    'another worker than the one that died',
    turn({ place: 'returned', returnsAt: later, isLost: true }),
    { for: 'repair', since, starts: later },
  ],
  [
    'a worker, because the last one has released it',
    turn({ place: 'returned', returnsAt: now }),
    { for: 'worker', since },
  ],
  ['a version that can read it', turn({ place: 'broken' }), { for: 'repair', since }],
])('a turn waits for %s', ([, input, expected]) => {
  expect(whyWaiting(input)).toEqual(expected)
})

test('the reason that would remain comes first, and the others are listed', () => {
  const all = turn({
    startAt: later,
    isPaused: true,
    workers: 0,
    workspace: full,
    key: full,
    holders: ['a'],
    rate: { kind: 'model_tokens', until: later },
  })
  expect(whyWaiting(all)).toEqual({
    for: 'start_at',
    since,
    ahead: 0,
    starts: later,
    also: ['paused', 'no_worker', 'workspace_running', 'fairness_key_running', 'model_tokens'],
  })
})

test('a turn whose time has come waits for a worker since then', () => {
  const woken = turn({ parked: { until: now - 100, for: 'provider_retry' } })
  expect(whyWaiting(woken)).toEqual({ for: 'worker', since: now - 100, ahead: 0 })
  expect(whyWaiting(turn({ startAt: now - 200 })).since).toBe(now - 200)
  const answered = turn({ parked: { until: later, for: 'approval' } })
  expect(whyWaiting(answered).since).toBe(since)
})

test('it never waits since a later time, or for the same thing twice', () => {
  const time = fc.integer({ min: now - 10_000, max: now + 10_000 })
  const use = fc.record({
    running: fc.nat(3),
    limit: fc.option(fc.nat(3), { nil: undefined }),
  })
  const kind = fc.constantFrom(...(Object.keys(waitingSentences) as WaitingKind[]))
  const input = fc.record<WaitingTurn>({
    now: fc.constant(now),
    lastFactAt: fc.integer({ min: now - 10_000, max: now }),
    parked: fc.option(fc.record({ until: time, for: kind, also: fc.array(kind) }), {
      nil: undefined,
    }),
    place: fc.constantFrom('parked', 'lane', 'returned', 'newer', 'broken', 'none'),
    ahead: fc.option(fc.nat(), { nil: undefined }),
    returnsAt: fc.option(time, { nil: undefined }),
    isLost: fc.boolean(),
    startAt: fc.option(time, { nil: undefined }),
    rate: fc.option(fc.record({ kind, until: time }), { nil: undefined }),
    isPaused: fc.boolean(),
    workspace: use,
    key: use,
    holders: fc.array(fc.string()),
    workers: fc.nat(2),
  })
  fc.assert(
    fc.property(input, (given) => {
      const waiting = whyWaiting(given)
      expect(waiting.since).toBeLessThanOrEqual(now)
      const kinds = [waiting.for, ...(waiting.also ?? [])]
      expect(new Set(kinds).size).toBe(kinds.length)
      expect(waitingSentence(waiting)).not.toContain('undefined')
    }),
  )
})

test('the sentence tells the limit and the turns ahead', () => {
  const waiting = { for: 'workspace_running', since, limit: 50, inUse: 50, ahead: 17 } as const
  expect(waitingSentence(waiting)).toBe(
    'Its workspace has as many running turns as it may have. 50 of 50 are in use. 17 turns are ahead of it.',
  )
  expect(waitingSentence({ for: 'worker', since, ahead: 1 })).toBe(
    'It starts as soon as a worker has a free slot. 1 turn is ahead of it.',
  )
})
