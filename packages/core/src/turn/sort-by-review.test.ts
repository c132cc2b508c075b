import { describe, expect, test } from 'vitest'
import { decide } from './decide.ts'
import type { Fact, NewFact, ReviewDecided } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import type { Plan } from '../manifest/plan.ts'
import { pendingReviews } from '../log/reviews.ts'

const tool = { kind: 'current_date', description: '', parameters: {} } as const
const plan: Plan = {
  v: 2,
  agent: { id: 'A', key: 'a', version: '1.0.0' },
  system: '',
  engine: 'text',
  variables: {},
  models: [{ id: 'a/one' }],
  tools: [
    { ...tool, id: 't1', name: 'pay', requiresApproval: true },
    { ...tool, id: 't2', name: 'look' },
    { kind: 'function', id: 't3', name: 'weather', description: '', parameters: {} },
  ],
  approval: { withinSeconds: 60, otherwise: 'rejected' },
  maxIterations: 3,
  maxExecutionSeconds: 60,
}

describe('a call whose worker died, of a tool that requires a review then', () => {
  const http = { url: 'https://a.example', method: 'POST' as const, headers: {}, arguments: {} }
  const asking: Plan = {
    ...plan,
    tools: [
      { ...tool, kind: 'http', id: 't9', name: 'send', http, timeoutSeconds: 9, onCrash: 'ask' },
    ],
  }
  const called: NewFact = {
    type: 'tool.called',
    callId: 'c0',
    toolId: 't9',
    name: 'send',
    arguments: {},
  }
  const requestedAgain = requested('c0', 9_000, 'outcome_unknown')

  test('is made at once when it had not begun', () => {
    expect(decide(fold(log(stepWith('send'))), asking)).toMatchObject({ type: 'RunTools' })
  })

  test('waits for a reviewer, and is made requestedAgain when approved', () => {
    const facts = [stepWith('send'), called]
    expect(decide(fold(log(...facts)), asking)).toMatchObject({ type: 'AskReviews' })
    expect(decide(fold(log(...facts, requestedAgain)), asking)).toMatchObject({ type: 'Park' })
    expect(decide(fold(log(...facts, requestedAgain, decided('c0'))), asking)).toMatchObject({
      type: 'RunTools',
      calls: [{ callId: 'c0' }],
    })
  })

  test('is reviewed requestedAgain when its worker dies once more', () => {
    const facts = [stepWith('send'), called, requestedAgain, decided('c0'), called]
    expect(decide(fold(log(...facts)), asking)).toMatchObject({ type: 'AskReviews' })
  })

  test('states that its outcome is unknown when it was rejected', () => {
    const rejected = decided('c0', { review: 'rejected' })
    const state = fold(log(stepWith('send'), called, requestedAgain, rejected))
    expect(decide(state, asking)).toMatchObject({ type: 'CallModel' })
    expect(JSON.stringify(state.history)).toContain('the outcome is unknown')
  })
})

describe('a call that needs approval', () => {
  test('is requested before any other call of its reply is made', () => {
    const action = decide(fold(log(stepWith('pay', 'look', 'pay'))), plan)
    expect(action).toMatchObject({
      type: 'AskReviews',
      calls: [{ callId: 'c0' }, { callId: 'c2' }],
    })
  })

  test('waits while the others are made, and then without a worker', () => {
    const facts = [stepWith('pay', 'look'), requested('c0', 9_000)]
    expect(decide(fold(log(...facts)), plan)).toMatchObject({
      type: 'RunTools',
      calls: [{ callId: 'c1' }],
    })
    const rest = fold(log(...facts, returned('c1')))
    expect(decide(rest, plan)).toEqual({ type: 'Park', until: 9_000, for: 'approval' })
    expect(pendingReviews(rest)).toMatchObject([{ requested: { callId: 'c0' } }])
  })

  test('waits for the review that expires first', () => {
    const facts = [stepWith('pay', 'pay'), requested('c0', 9_000), requested('c1', 8_000)]
    expect(decide(fold(log(...facts)), plan)).toEqual({
      type: 'Park',
      until: 8_000,
      for: 'approval',
    })
  })

  test('is made when it was approved, with the arguments of the reviewer if there are any', () => {
    const facts = [stepWith('pay'), requested('c0', 9_000)]
    expect(decide(fold(log(...facts, decided('c0'))), plan)).toMatchObject({
      type: 'RunTools',
      calls: [{ callId: 'c0', arguments: '{}' }],
    })
    const edited = decided('c0', { arguments: { sum: 5 } })
    expect(decide(fold(log(...facts, edited)), plan)).toMatchObject({
      calls: [{ callId: 'c0', arguments: '{"sum":5}' }],
    })
    const { history } = fold(log(...facts, edited, returned('c0')))
    expect(JSON.stringify(history.at(-1))).toContain('changed the arguments to {\\"sum\\":5}')
  })

  test('is not made when it was rejected: the model reads why, and continues', () => {
    const no = decided('c0', { review: 'rejected', reason: 'too dear' })
    const state = fold(log(stepWith('pay'), requested('c0', 9_000), no))
    expect(state.open).toEqual([])
    expect(state.history.at(-1)).toMatchObject({
      role: 'tool',
      results: [{ callId: 'c0', failed: true, text: 'not made: a reviewer rejected it: too dear' }],
    })
    expect(state.calls).toMatchObject([{ callId: 'c0', error: expect.any(String) as string }])
    expect(decide(state, plan)).toMatchObject({ type: 'CallModel', step: 2 })
  })

  test('is decided automatically when its time is over', () => {
    const late = fold(
      log(stepWith('pay'), requested('c0', 1_002), { type: 'turn.parked', until: 1 }),
    )
    expect(decide(late, plan)).toMatchObject({
      type: 'ExpireReviews',
      reviews: [{ requested: { callId: 'c0' } }],
    })
  })

  test('keeps the first decision, and ignores later ones', () => {
    const facts = [stepWith('pay'), requested('c0', 9_000)]
    const twice = fold(log(...facts, decided('c0'), decided('c0', { review: 'rejected' })))
    expect(decide(twice, plan)).toMatchObject({ type: 'RunTools' })
    const unasked = fold(log(stepWith('pay'), decided('c0', { review: 'rejected' })))
    expect(decide(unasked, plan)).toMatchObject({ type: 'AskReviews' })
  })

  test('waits together with functions of the client, which end the turn only afterwards', () => {
    const facts = [stepWith('pay', 'weather'), requested('c0', 9_000)]
    expect(decide(fold(log(...facts)), plan)).toMatchObject({ type: 'Park' })
    const done = fold(log(...facts, decided('c0'), returned('c0')))
    expect(decide(done, plan)).toMatchObject({ fact: { reason: 'function_call' } })
  })

  test('that cannot run is answered without approval', () => {
    const { calls, ...step } = stepWith('pay')
    const broken = { ...step, calls: calls.map((each) => ({ ...each, problem: 'no JSON' })) }
    expect(decide(fold(log(broken)), plan)).toMatchObject({ type: 'RunTools' })
  })

  test('of a cancelled turn is no longer requested', () => {
    const cancel: NewFact = { type: 'cancel.requested', reason: 'x' }
    expect(decide(fold(log(stepWith('pay'), cancel)), plan)).toMatchObject({ type: 'Finish' })
  })
})

function stepWith(...names: string[]) {
  return {
    type: 'step.finished' as const,
    step: 1,
    modelIndex: 0,
    model: 'a/one',
    reason: 'tool_calls' as const,
    calls: names.map((name, at) => ({ callId: `c${at}`, name, arguments: '{}' })),
    ms: 1,
  }
}

function requested(callId: string, until: number, because?: 'outcome_unknown'): NewFact {
  const reported = {
    type: 'review.requested',
    callId,
    toolId: 't1',
    name: 'pay',
    arguments: {},
  } as const
  return { ...reported, ...(because && { because }), until }
}

function decided(callId: string, more: Partial<ReviewDecided> = {}): NewFact {
  const review = 'approved' as const
  return { type: 'review.decided', callId, toolId: 't1', review, by: 'reviewer', ...more }
}

function returned(callId: string): NewFact {
  return { type: 'tool.returned', callId, toolId: 't2', result: 'fine', ms: 1 }
}

function log(...facts: NewFact[]): Fact[] {
  const message = {
    messageId: 'm',
    role: 'user' as const,
    parts: [{ kind: 'text' as const, text: 'hi' }],
  }
  const ids = { assistantMessageId: 'a', traceId: 't', spanId: 's' }
  const started: NewFact = { type: 'turn.started', turn: 1, plan: 'p', model: 'x', message, ...ids }
  return [started, ...facts].map((fact, at) => ({ ...fact, v: 1, pos: at + 1, at: 1_000 + at }))
}
