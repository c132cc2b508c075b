import { describe, expect, test } from 'vitest'
import { decide, outputLeft } from './decide.ts'
import type { ModelFailed, StepFinished } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import type { State } from '../log/state.ts'
import type { ModelChoice, Plan } from '../manifest/plan.ts'

const models: ModelChoice[] = [{ id: 'a/one' }, { id: 'b/two', retry: { count: 1 } }]
const plan: Plan = {
  v: 1,
  agent: { id: 'A', key: 'a', version: '1.0.0' },
  system: '',
  engine: 'text',
  variables: {},
  models,
  tools: [
    { kind: 'function', id: 't1', name: 'weather', description: '', parameters: {} },
    { kind: 'current_date', id: 't2', name: 'current_date', description: '', parameters: {} },
  ],
  maxIterations: 3,
  maxExecutionSeconds: 60,
}

describe('the next action', () => {
  test('of a turn that has just begun is the first model call', () => {
    expect(decide(state({}), plan)).toEqual({
      type: 'CallModel',
      step: 1,
      modelIndex: 0,
      model: models[0],
    })
  })

  test('after a reply without calls is the end, with the reason that the model gave', () => {
    expect(decide(replied({ reason: 'length' }), plan)).toMatchObject(finishes('length'))
    expect(decide(replied({ reason: 'tool_calls' }), plan)).toMatchObject(finishes('stop'))
  })

  test('runs the calls of the server first, then stops for the client', () => {
    const both = { steps: 1, open: [call('c1', 'weather'), call('c2', 'current_date')] }
    expect(decide(state(both), plan)).toEqual(runs(both.open[1]!))
    const rest = { steps: 1, open: [both.open[0]!] }
    expect(decide(state(rest), plan)).toMatchObject({
      fact: { type: 'turn.completed', reason: 'function_call', pending: rest.open },
    })
  })

  test('answers a call that cannot run, also a client-side one', () => {
    const open = [{ ...call('c1', 'weather'), problem: 'no JSON' }, call('c2', 'unheard_of')]
    expect(decide(state({ steps: 1, open }), plan)).toEqual(runs(...open))
  })

  test('of a cancelled turn is its end, whatever else was due', () => {
    const open = [call('c2', 'current_date')]
    expect(decide(state({ cancelRequested: true, open }), plan)).toMatchObject({
      fact: { type: 'turn.failed', code: 'cancelled', status: 409 },
    })
  })
})

describe('a call that an attempt began and did not end', () => {
  const begun = state({
    steps: 1,
    open: [call('c1', 'order'), call('c2', 'order')],
    calls: [{ callId: 'c1', name: 'order', arguments: {} }],
  })

  test('is made again when its tool may be repeated', () => {
    const action = decide(begun, { ...plan, tools: [orders('retry')] })
    expect(action).toEqual(runs(...begun.open))
  })

  test('is not made again when it may have had its effect', () => {
    const action = decide(begun, { ...plan, tools: [orders('fail')] })
    expect(action).toEqual({
      ...runs(begun.open[1]!),
      unmade: [{ call: begun.open[0], error: expect.stringContaining('the outcome is unknown') }],
    })
    const before = { ...begun, calls: [], callsBegunBefore: new Set(['c1']) }
    expect(decide(before, { ...plan, tools: [orders('fail')] })).toEqual(action)
  })
})

describe('files', () => {
  const unread = [{ fileId: '1.0', uri: 'https://a.example/b.png' }]

  test('are fetched before a model is called', () => {
    expect(decide(state({ unread }), plan)).toEqual({ type: 'FetchFiles', files: unread })
  })

  test('that cannot be fetched end the turn', () => {
    const fileFailed = { type: 'file.failed', fileId: '1.0', error: 'it answered 404' } as const
    expect(decide(state({ fileFailed }), plan)).toMatchObject({
      fact: { code: 'file_unavailable', status: 422, message: 'it answered 404' },
    })
  })
})

describe('an answer in the wrong format', () => {
  test('is requested once more', () => {
    const wrong = { ...replied({ problem: 'no JSON' }), misfits: 1 }
    expect(decide(wrong, plan)).toMatchObject({ type: 'CallModel', step: 2 })
    expect(decide({ ...wrong, steps: 3 }, plan)).toMatchObject(finishes('max_iterations'))
  })

  test('ends the turn the second time', () => {
    expect(decide({ ...replied({ problem: 'no JSON' }), misfits: 2 }, plan)).toMatchObject({
      fact: { code: 'output_invalid', status: 502, message: 'no JSON' },
    })
  })
})

describe('a history that is too long', () => {
  const text = 'some words '.repeat(1_000)
  const history: State['history'] = ['old', 'new'].flatMap((word, at) => [
    { role: 'user', parts: [{ kind: 'text', text: word + text }] },
    ...(at === 0
      ? [{ role: 'assistant' as const, parts: [{ kind: 'text' as const, text }], calls: [] }]
      : []),
  ])
  const small = { ...plan, models: [{ id: 'a/one', contextWindow: 6_000 }] }
  const dropped = { messages: 2, steps: 0, contents: 0 }

  test('is trimmed to the window of the model', () => {
    expect(decide(state({ history }), plan)).toMatchObject({ type: 'CallModel' })
    expect(decide(state({ history }), small)).toEqual({
      type: 'TrimContext',
      fact: { type: 'context.trimmed', because: 'budget', ...dropped },
    })
  })

  test('is not trimmed when the plan forbids it, and ends the turn when the model refuses it', () => {
    const whole = { ...small, untrimmed: true as const }
    expect(decide(state({ history }), whole)).toMatchObject({ type: 'CallModel' })
    const failures = [failure({ code: 'context_too_long', retryable: false })]
    expect(decide(state({ history, failures }), whole)).toMatchObject({
      fact: { code: 'context_too_long' },
    })
  })

  test('leaves tokens for the system prompt and the tools', () => {
    const exact = { ...plan, models: [{ id: 'a/one', contextWindow: 20_000 }] }
    expect(decide(state({ history }), exact)).toMatchObject({ type: 'CallModel' })
    const directions = [text]
    expect(decide(state({ history, directions }), exact)).toMatchObject({ type: 'TrimContext' })
  })

  test('is sent unchanged when nothing can be left out', () => {
    const last = state({ history: history.slice(-1) })
    expect(
      decide(last, { ...plan, models: [{ id: 'a/one', contextWindow: 1_000 }] }),
    ).toMatchObject({
      type: 'CallModel',
    })
  })

  test('is halved once when the model refuses it, and then ends the turn', () => {
    const failures = [failure({ code: 'context_too_long', retryable: false })]
    expect(decide(state({ history, failures }), plan)).toEqual({
      type: 'TrimContext',
      fact: { type: 'context.trimmed', because: 'refused', ...dropped },
    })
    expect(decide(state({ history, failures, trimmedOnRefusal: true }), plan)).toMatchObject({
      fact: { code: 'context_too_long', status: 422 },
    })
  })
})

describe('the limits of an agent', () => {
  test('model calls', () => {
    const done = { ...replied({ calls: [call('c', 'weather')] }), open: [] }
    expect(decide({ ...done, steps: 2 }, plan)).toMatchObject({ type: 'CallModel', step: 3 })
    expect(decide({ ...done, steps: 3 }, plan)).toMatchObject(finishes('max_iterations'))
  })

  test('time in model calls', () => {
    const done = { ...replied({ calls: [call('c', 'weather')] }), open: [] }
    expect(decide({ ...done, modelMs: 59_999 }, plan)).toMatchObject({ type: 'CallModel' })
    expect(decide({ ...done, modelMs: 60_000 }, plan)).toMatchObject(finishes('max_time'))
  })

  test('tokens of all answers together', () => {
    const usage = { inputTokens: 1, outputTokens: 30, totalTokens: 31 }
    const done = { ...replied({ calls: [call('c', 'weather')] }), open: [], usage }
    expect(decide(done, { ...plan, maxOutputTokens: 31 })).toMatchObject({ type: 'CallModel' })
    expect(decide(done, { ...plan, maxOutputTokens: 30 })).toMatchObject(finishes('length'))
    expect(outputLeft(done, { maxOutputTokens: 40 })).toBe(10)
    expect(outputLeft(done, { maxOutputTokens: 20 })).toBe(0)
    expect(outputLeft(done, {})).toBeUndefined()
  })

  test('tool calls, where calls that were begun are made', () => {
    const open = ['a', 'b', 'c'].map((id) => call(id, 'current_date'))
    const calls = [{ callId: 'a', name: 'current_date', arguments: {} }]
    const limited = { ...plan, maxToolCalls: 2 }
    expect(decide(state({ steps: 1, open, calls }), limited)).toEqual({
      type: 'RunTools',
      calls: open.slice(0, 2),
      unmade: [{ call: open[2], error: expect.stringContaining('the first 2 calls') as string }],
    })
    expect(decide(state({ steps: 1, open, calls }), plan)).toEqual(runs(...open))
  })

  test('a last reply within the limits ends the turn by itself', () => {
    expect(decide({ ...replied({}), steps: 3, modelMs: 90_000 }, plan)).toMatchObject(
      finishes('stop'),
    )
  })
})

describe('a model call that failed', () => {
  test('is tried again after its wait', () => {
    expect(decide(state({ failures: [failure({ wait: 700 })] }), plan)).toMatchObject({
      modelIndex: 0,
      wait: { ms: 700, since: 5 },
    })
  })

  test('goes to the next model when it fails again', () => {
    const failures = [failure({ wait: 400 }), failure({ wait: 900 })]
    expect(decide(state({ failures: failures.slice(1) }), plan)).toMatchObject({ modelIndex: 0 })
    const next = decide(state({ failures, at: 5 }), plan)
    expect(next).toMatchObject({ modelIndex: 1, model: models[1] })
    expect(next).not.toHaveProperty('wait')
  })

  test.each([
    ['cannot succeed later', failure({ retryable: false }), 1],
    ['asks for a pause, and another model is left', failure({ wait: 3_000 }), 1],
    ['is worth another try', failure({ status: 503 }), 0],
  ])('that %s', (_, failed, modelIndex) => {
    expect(decide(state({ failures: [failed] }), plan)).toMatchObject({ modelIndex })
  })

  test('of the last model waits as long as the vendor asks', () => {
    const alone = { ...plan, models: [{ id: 'a/one' }] }
    const failures = [failure({ wait: 305_000, retryAfter: 300_000 })]
    const parked = { type: 'Park', until: 305_005, for: 'provider_retry' }
    expect(decide(state({ failures, at: 5 }), alone)).toEqual(parked)
  })

  test('waits in the worker or without one, depending on the time left at the latest fact', () => {
    const failures = [failure({ wait: 60_000 })]
    const alone = { ...plan, models: [{ id: 'a/one' }] }
    const next = (at: number) => decide(state({ failures, at }), alone).type
    expect(next(5)).toBe('Park')
    expect(next(50_004)).toBe('Park')
    expect(next(50_005)).toBe('CallModel')
    expect(next(70_000)).toBe('CallModel')
  })

  test('is tried again only for the codes that the agent names', () => {
    const picky = {
      ...plan,
      models: [{ id: 'a/one', retry: { count: 3, onCodes: [418] } }, models[1]!],
    }
    const after = (status: number) =>
      decide(state({ failures: [failure({ status, retryable: status !== 418 })] }), picky)
    expect(after(418)).toMatchObject({ modelIndex: 0 })
    expect(after(503)).toMatchObject({ modelIndex: 1 })
  })

  test('ends the turn when no model is left, with 429 if that was the last status', () => {
    const dead = failure({ retryable: false, message: 'bad key', status: 401 })
    const deadToo = { ...dead, modelIndex: 1 }
    expect(decide(state({ failures: [dead, deadToo] }), plan)).toMatchObject({
      fact: { code: 'provider_failed', message: 'bad key', status: 502 },
    })
    const busy = failure({ modelIndex: 1, retryable: false, status: 429 })
    expect(decide(state({ failures: [dead, busy] }), plan)).toMatchObject({ fact: { status: 429 } })
  })

  test('ends the turn at once when no retry can help', () => {
    const failures = [failure({ code: 'output_too_large', message: 'too much' })]
    expect(decide(state({ failures }), plan)).toMatchObject({
      fact: { code: 'output_too_large', status: 502 },
    })
  })

  test('does not return to a model that was abandoned', () => {
    const later = { ...replied({ modelIndex: 1, calls: [call('c', 'weather')] }), open: [] }
    expect(decide(later, plan)).toMatchObject({ modelIndex: 1 })
    expect(
      decide({ ...later, failures: [failure({ modelIndex: 1, retryable: false })] }, plan),
    ).toMatchObject({ fact: { code: 'provider_failed' } })
  })
})

function state(part: Partial<State>): State {
  return { ...fold([]), turn: 1, ...part }
}

function replied(part: Partial<StepFinished>): State {
  return state({ steps: 1, reply: { ...step, ...part } })
}

const step: StepFinished = {
  type: 'step.finished',
  step: 1,
  modelIndex: 0,
  model: 'a/one',
  reason: 'stop',
  calls: [],
  ms: 1,
}

function call(callId: string, name: string) {
  return { callId, name, arguments: '{}' }
}

function failure(part: Partial<ModelFailed>): State['failures'][number] {
  return {
    type: 'model.failed',
    step: 1,
    modelIndex: 0,
    model: 'a/one',
    code: 'provider_failed',
    message: 'no',
    retryable: true,
    wait: 0,
    ms: 1,
    v: 1,
    pos: 5,
    at: 5,
    ...part,
  }
}

function finishes(reason: string) {
  return { type: 'Finish', fact: { type: 'turn.completed', reason } }
}

function runs(...calls: State['open']) {
  return { type: 'RunTools', calls, unmade: [] }
}

function orders(onCrash: 'retry' | 'fail'): Plan['tools'][number] {
  return {
    kind: 'http',
    id: 't3',
    name: 'order',
    description: '',
    parameters: {},
    http: { url: 'https://a.example', method: 'POST', headers: {}, arguments: {} },
    timeoutSeconds: 60,
    onCrash,
  }
}
