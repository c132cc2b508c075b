import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fact, NewFact } from '../log/fact.ts'
import { turnSpans, turnTimes } from './turn-times.ts'

/** The facts of a turn, each with its time. */
function log(...facts: [at: number, fact: NewFact][]): Fact[] {
  return facts.map(([at, fact], index) => ({ ...fact, v: 1, pos: index + 1, at }))
}

const started: NewFact = {
  type: 'turn.started',
  turn: 1,
  plan: 'p',
  model: 'x/y',
  assistantMessageId: 'm',
  traceId: 't',
  spanId: 's',
}
const attempt: NewFact = { type: 'attempt.started', attempt: 'a', epoch: 1 }
const completed: NewFact = { type: 'turn.completed', reason: 'stop', pending: [] }
const step: NewFact = {
  type: 'step.finished',
  step: 1,
  modelIndex: 0,
  model: 'x/y',
  reason: 'stop',
  calls: [],
  ms: 1,
}
const failed = (wait: number): NewFact => ({
  type: 'model.failed',
  step: 1,
  modelIndex: 0,
  model: 'x/y',
  code: 'provider_failed',
  message: 'away',
  retryable: true,
  wait,
  ms: 1,
})
const decided: NewFact = {
  type: 'review.decided',
  callId: 'c',
  toolId: 't',
  review: 'approved',
  by: 'reviewer',
}

const timesOf = (facts: Fact[], now = 0) => turnTimes(turnSpans(facts, now))

test('a turn waits for a worker before it starts', () => {
  const facts = log([100, started], [130, attempt], [150, step], [160, completed])
  expect(turnSpans(facts, 999)).toEqual([
    { for: 'worker', from: 100, to: 130 },
    { for: 'work', from: 130, to: 160 },
  ])
})

test('a parked turn waits for its reason, and for a worker from the set time on', () => {
  const parked: NewFact = { type: 'turn.parked', until: 500, for: 'provider_retry' }
  const facts = log([100, started], [100, attempt], [200, parked], [520, attempt], [600, completed])
  expect(timesOf(facts)).toEqual({ working: 180, waiting: { provider_retry: 300, worker: 20 } })
})

test('a decision ends the wait for it', () => {
  const parked: NewFact = { type: 'turn.parked', until: 9_000, for: 'approval' }
  const facts = log(
    [100, started],
    [100, attempt],
    [200, parked],
    [400, decided],
    [450, attempt],
    [600, completed],
  )
  expect(timesOf(facts)).toEqual({ working: 250, waiting: { approval: 200, worker: 50 } })
})

test('a worker waits for the next try of a model call, and works again', () => {
  const facts = log([0, started], [0, attempt], [10, failed(100)], [150, step], [160, completed])
  expect(timesOf(facts)).toEqual({ working: 60, waiting: { provider_retry: 100 } })
  // Another fact ends the wait.
  const sooner = log([0, started], [0, attempt], [10, failed(100)], [60, decided], [90, completed])
  expect(timesOf(sooner)).toEqual({ working: 40, waiting: { provider_retry: 50 } })
})

test('the time between the last fact of a worker that died and the next worker is not work', () => {
  const facts = log([0, started], [0, attempt], [40, step], [70, attempt], [90, completed])
  expect(timesOf(facts)).toEqual({ working: 60, waiting: { repair: 30 } })
})

test('the claim tells why the turn has waited in the queue, and until when', () => {
  const waited: NewFact = {
    ...attempt,
    waited: [
      { for: 'workspace_running', until: 170 },
      { for: 'paused', until: 120 },
    ],
  }
  const facts = log([100, started], [180, waited], [200, completed])
  expect(timesOf(facts)).toEqual({
    working: 20,
    waiting: { paused: 20, workspace_running: 50, worker: 10 },
  })
  // A reason that has ended before does not count.
  const later = log([150, started], [180, waited], [200, completed])
  expect(timesOf(later).waiting).toEqual({ workspace_running: 20, worker: 10 })
})

test('a turn that was released waits for a worker', () => {
  const again: NewFact = { ...attempt, epoch: 2, waited: [] }
  const facts = log([0, started], [0, attempt], [40, step], [70, again], [90, completed])
  expect(timesOf(facts)).toEqual({ working: 60, waiting: { worker: 30 } })
})

test('a turn that has not ended counts until now', () => {
  expect(timesOf(log([100, started]), 250)).toEqual({ working: 0, waiting: { worker: 150 } })
  expect(turnSpans([], 250)).toEqual([])
})

test('waiting and working times add up to the time of the turn, without a gap', () => {
  const fact = fc.oneof(
    fc.constantFrom(attempt, step, decided),
    fc
      .array(
        fc.record({
          for: fc.constantFrom('paused', 'workspace_running', 'repair'),
          until: fc.nat(3_000),
        }),
      )
      .map((waited): NewFact => ({ ...attempt, waited })),
    fc.nat(100).map(failed),
    fc
      .record({
        until: fc.nat(2_000),
        for: fc.constantFrom('approval', 'sub_agent', 'provider_retry', 'timer'),
      })
      .map((parking): NewFact => ({ type: 'turn.parked', ...parking })),
  )
  const entry = fc.tuple(fc.integer({ min: -20, max: 200 }), fact)
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), fc.boolean(), (entries, hasEnded) => {
      let at = 1_000
      // The clock of Redis may go back after a failover.
      const middle = entries.map(([after, each]): [number, NewFact] => [(at += after), each])
      const last = hasEnded ? [[at + 7, completed] as [number, NewFact]] : []
      const facts = log([1_000, started], ...middle, ...last)
      const end = Math.max(...facts.map((each) => each.at), hasEnded ? 0 : at + 7)
      const spans = turnSpans(facts, end)
      let from = 1_000
      for (const span of spans) {
        expect(span.from).toBe(from)
        expect(span.to).toBeGreaterThan(from)
        from = span.to
      }
      expect(from).toBe(end)
      const { working, waiting } = turnTimes(spans)
      const sum = Object.values(waiting).reduce((total, ms) => total + ms, working)
      expect(sum).toBe(end - 1_000)
    }),
  )
})
