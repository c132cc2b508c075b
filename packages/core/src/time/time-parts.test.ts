import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fact, NewFact } from '../log/fact.ts'
import { turnSpans, turnTimes } from '../scheduling/turn-times.ts'
import { timeByKind, timeParts } from './time-parts.ts'

/** Facts of a task, each with its time. */
function log(...facts: [at: number, fact: NewFact][]): Fact[] {
  return facts.map(([at, fact], index) => ({ ...fact, v: 1, pos: index + 1, at }))
}

const started = (turn: number, more: Partial<NewFact> = {}): NewFact =>
  ({
    type: 'turn.started',
    turn,
    plan: 'p',
    model: 'x/y',
    assistantMessageId: 'm',
    traceId: 't',
    spanId: 's',
    ...more,
  }) as NewFact
const claimed: NewFact = { type: 'attempt.started', attempt: 'a', epoch: 1 }
const taken = { ...claimed, waited: [] }
const completed: NewFact = { type: 'turn.completed', reason: 'stop', pending: [] }
const failed: NewFact = { type: 'turn.failed', code: 'deadline', message: 'late', status: 504 }
const answered = (step: number, ms: number, more = {}): NewFact => ({
  type: 'step.finished',
  step,
  modelIndex: 0,
  model: 'x/y',
  reason: 'stop',
  calls: [],
  ms,
  ...more,
})
const modelFailed = (ms: number, wait: number): NewFact => ({
  type: 'model.failed',
  step: 1,
  modelIndex: 0,
  model: 'x/y',
  code: 'provider_failed',
  message: 'away',
  retryable: true,
  wait,
  ms,
})
const part: NewFact = {
  type: 'part.finished',
  step: 1,
  partId: 'p',
  kind: 'text',
  text: 'a',
  deltas: 1,
}
const called = (callId: string, name = callId): NewFact => ({
  type: 'tool.called',
  callId,
  toolId: name,
  name,
  arguments: {},
})
const returned = (callId: string): NewFact => ({
  type: 'tool.returned',
  callId,
  toolId: callId,
  result: 1,
  ms: 1,
})
const parked = (kind: 'approval' | 'sub_agent' | 'model_tokens', until: number): NewFact => ({
  type: 'turn.parked',
  for: kind,
  until,
})
const reviewed = (callId: string): NewFact => ({
  type: 'review.requested',
  callId,
  toolId: callId,
  name: callId,
  arguments: {},
  until: 9_000,
})
const decided = (callId: string): NewFact => ({
  type: 'review.decided',
  callId,
  toolId: callId,
  review: 'approved',
  by: 'reviewer',
})
const child = (callId: string): NewFact => ({
  type: 'child.started',
  callId,
  taskId: `task-${callId}`,
  agent: 'helper',
})

/** The parts as lines, without what all have in common. */
const lines = (facts: Fact[], now = 0) =>
  timeParts(facts, now).map(({ for: kind, from, to, name }) =>
    [kind, `${from}-${to}`, name].filter((each) => each !== undefined).join(' '),
  )

describe('a part of the time is spent for', () => {
  test('a slot, the first output of the model, its other output, and the work around them', () => {
    const step = answered(1, 60, { firstMs: 40 })
    const facts = log([0, started(1)], [10, claimed], [80, part], [80, step], [85, completed])
    expect(lines(facts)).toEqual([
      'worker 0-10',
      'overhead 10-20',
      'model_first_output 20-60 x/y',
      'model_output 60-80 x/y',
      'overhead 80-85',
    ])
  })

  test('the rate of a model, and the call that waited for it', () => {
    const step = answered(1, 60, { rateMs: 30 })
    expect(lines(log([0, started(1)], [0, claimed], [100, step], [100, completed]))).toEqual([
      'overhead 0-10',
      'model_rate 10-40 x/y',
      'model 40-100 x/y',
    ])
  })

  test('a failed call of a model, and the pause before the next one', () => {
    const facts = log(
      [0, started(1)],
      [0, claimed],
      [20, modelFailed(20, 50)],
      [90, answered(1, 20)],
      [90, completed],
    )
    expect(lines(facts)).toEqual([
      'model_failed 0-20 x/y',
      'provider_retry 20-70',
      'model 70-90 x/y',
    ])
  })

  test('the tool that ends last, of several that run', () => {
    const facts = log(
      [0, started(1)],
      [0, claimed],
      [10, called('slow')],
      [10, called('quick')],
      [20, returned('quick')],
      [50, returned('slow')],
      [50, completed],
    )
    expect(lines(facts)).toEqual(['overhead 0-10', 'tool 10-50 slow'])
  })

  test('a person, and a sub-agent, by the call that waits', () => {
    const facts = log(
      [0, started(1)],
      [0, claimed],
      [10, reviewed('refund')],
      [10, parked('approval', 9_000)],
      [500, decided('refund')],
      [510, taken],
      [515, called('ask')],
      [520, child('ask')],
      [520, parked('sub_agent', 9_000)],
      [900, returned('ask')],
      [905, taken],
      [910, completed],
    )
    expect(lines(facts)).toEqual([
      'overhead 0-10',
      'approval 10-500 refund',
      'worker 500-510',
      'overhead 510-515',
      'tool 515-520 ask',
      'sub_agent 520-900 helper',
      'worker 900-905',
      'overhead 905-910',
    ])
    expect(timeParts(facts, 0)[5]).toMatchObject({ callId: 'ask', taskId: 'task-ask' })
  })

  test('a crash, and what was done again', () => {
    const facts = log(
      [0, started(1)],
      [0, claimed],
      [10, called('a')],
      [10, called('b')],
      [40, returned('b')],
      [90, claimed],
      [120, returned('a')],
      [120, completed],
    )
    expect(lines(facts)).toEqual(['overhead 0-10', 'tool 10-40 b', 'repair 40-90', 'tool 90-120 a'])
    const alone = log(
      [0, started(1)],
      [0, claimed],
      [10, called('a')],
      [30, { type: 'calls.spent' }],
      [90, claimed],
      [120, returned('a')],
      [120, completed],
    )
    expect(lines(alone)).toEqual([
      'overhead 0-10',
      'redone 10-30 a',
      'repair 30-90',
      'tool 90-120 a',
    ])
  })

  test('the caller, between two turns, a failure that stood, and a pause of the conversation', () => {
    const waiting = { ...completed, pending: [{ callId: 'f', name: 'f', arguments: '{}' }] }
    const facts = log(
      [0, started(1)],
      [0, waiting],
      [10, started(2)],
      [10, failed],
      [30, started(3, { redrive: { turn: 2, userMessageId: 'm' } })],
      [30, completed],
      [60, started(4)],
      [60, completed],
    )
    expect(lines(facts, 99)).toEqual(['caller 0-10', 'failed 10-30', 'idle 30-60'])
  })

  test('a model call or a tool that has not ended, until now', () => {
    const facts = log([0, started(1)], [5, claimed])
    expect(lines(facts, 50)).toEqual(['worker 0-5', 'model 5-50'])
    expect(lines([...facts, ...log([10, called('a')])], 50)).toEqual([
      'worker 0-5',
      'overhead 5-10',
      'tool 10-50 a',
    ])
  })
})

test('a model call never begins before the fact that precedes it', () => {
  const facts = log([100, started(1)], [150, claimed], [160, answered(1, 900)], [160, completed])
  expect(lines(facts)).toEqual(['worker 100-150', 'model 150-160 x/y'])
})

const callId = fc.constantFrom('a', 'b', 'c')
const duration = fc.nat(300)
const middle: fc.Arbitrary<NewFact> = fc.oneof(
  fc.constantFrom<NewFact>(claimed, taken, part, { type: 'calls.spent' }),
  fc
    .array(
      fc.record({
        for: fc.constantFrom('paused', 'workspace_running', 'model_tokens', 'start_at'),
        until: fc.nat(4_000),
      }),
    )
    .map((waited): NewFact => ({ ...claimed, waited })),
  fc
    .record({ ms: duration, firstMs: duration, rateMs: duration })
    .map(({ ms, ...more }) => answered(1, ms, more)),
  duration.map((ms) => answered(1, ms)),
  fc.tuple(duration, duration).map(([ms, wait]) => modelFailed(ms, wait)),
  callId.map((id) => called(id)),
  callId.map(returned),
  callId.map(child),
  callId.map(reviewed),
  callId.map(decided),
  callId.map((id): NewFact => ({ type: 'tool.failed', callId: id, toolId: id, error: 'e', ms: 1 })),
  callId.map((id): NewFact => ({ type: 'file.failed', fileId: id, error: 'gone' })),
  callId.map((): NewFact => ({
    type: 'parts.abandoned',
    parts: [{ partId: 'p', kind: 'text', deltas: 3 }],
  })),
  fc.constant<NewFact>({ type: 'cancel.requested', reason: 'enough' }),
  fc
    .record({
      until: fc.nat(3_000),
      for: fc.constantFrom('approval', 'sub_agent', 'provider_retry', 'model_requests', 'budget'),
    })
    .map((parking): NewFact => ({ type: 'turn.parked', ...parking })),
)
const step = fc.tuple(fc.integer({ min: -30, max: 400 }), middle)
const turn = fc.record({
  steps: fc.array(step, { maxLength: 20 }),
  end: fc.constantFrom(completed, failed, {
    ...completed,
    pending: [{ callId: 'f', name: 'f', arguments: '{}' }],
  } as NewFact),
  gap: fc.nat(500),
  isRedrive: fc.boolean(),
})
const task = fc.record({
  turns: fc.array(turn, { minLength: 1, maxLength: 4 }),
  live: fc.boolean(),
})

type Task = typeof task extends fc.Arbitrary<infer T> ? T : never

/** A log of several turns. The clock of Redis may go back after a failover. */
function logOf({ turns, live }: Task): Fact[] {
  let at = 1_000
  const facts = turns.flatMap(({ steps, end, gap, isRedrive }, index) => {
    const redrive = isRedrive && index > 0 && { redrive: { turn: index, userMessageId: 'm' } }
    const first: [number, NewFact] = [at, started(index + 1, redrive || {})]
    const others = steps.map(([after, fact]): [number, NewFact] => [(at += after), fact])
    const last: [number, NewFact] = [(at += 3), end]
    at += gap
    return live && index === turns.length - 1 ? [first, ...others] : [first, ...others, last]
  })
  return log(...facts)
}

describe('of any log', () => {
  const runs = { numRuns: 1_000 }

  test('the parts add up to the wall time, without a gap and without an overlap', () => {
    fc.assert(
      fc.property(task, fc.nat(2_000), (generated, later) => {
        const facts = logOf(generated)
        const latest = Math.max(...facts.map(({ at }) => at))
        const end = generated.live ? latest + later : latest
        const parts = timeParts(facts, end)
        let from = facts[0]!.at
        for (const each of parts) {
          expect(each.from).toBe(from)
          expect(each.to).toBeGreaterThan(from)
          from = each.to
        }
        expect(from).toBe(end)
        const sum = [...timeByKind(parts).values()].reduce((total, ms) => total + ms, 0)
        expect(sum).toBe(end - facts[0]!.at)
      }),
      runs,
    )
  })

  test('the waiting of the latest turn is what its worker reports', () => {
    fc.assert(
      fc.property(turn, (only) => {
        const facts = logOf({ turns: [{ ...only, gap: 0 }], live: false })
        const { waiting } = turnTimes(turnSpans(facts, 0))
        const sums = timeByKind(timeParts(facts, 0))
        for (const [kind, ms] of Object.entries(waiting)) {
          expect([kind, sums.get(kind as 'worker')]).toEqual([kind, ms])
        }
      }),
      runs,
    )
  })
})
