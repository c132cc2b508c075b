import { describe, expect, test } from 'vitest'
import { childAnswer, childLost } from './child-answer.ts'
import { decide } from './decide.ts'
import type { Fact, NewFact } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import { limits } from '../limits/limits.ts'
import type { Usage } from '../history/message.ts'
import type { Plan } from '../manifest/plan.ts'

const tool = { description: '', parameters: {} }
const plan: Plan = {
  v: 3,
  agent: { id: 'A', key: 'a', version: '1.0.0' },
  system: '',
  engine: 'text',
  variables: {},
  models: [{ id: 'a/one' }],
  tools: [
    { ...tool, kind: 'call_sub_agent', id: 'call_sub_agent', name: 'call', team: [] },
    { ...tool, kind: 'current_date', id: 't2', name: 'look' },
    { ...tool, kind: 'function', id: 't3', name: 'weather' },
  ],
  maxIterations: 3,
  maxExecutionSeconds: 60,
}
const usage: Usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 }

describe('a call of an agent', () => {
  test('is made together with the others, and then waits without a worker', () => {
    const facts: NewFact[] = [begun(), stepWith('call', 'look')]
    expect(decide(fold(log(...facts)), plan)).toMatchObject({
      type: 'RunTools',
      calls: [{ callId: 'c0' }, { callId: 'c1' }],
    })
    facts.push(called('c0'), child('c0'), called('c1'))
    expect(decide(fold(log(...facts)), plan)).toMatchObject({ calls: [{ callId: 'c1' }] })
    const waiting = fold(log(...facts, returned('c1')))
    const until = waiting.at + limits.parked
    expect(decide(waiting, plan)).toEqual({ type: 'Park', until, for: 'sub_agent' })
  })

  test('is made again when its worker died before the task was started', () => {
    const state = fold(log(begun(), stepWith('call'), called('c0')))
    expect(decide(state, plan)).toMatchObject({ calls: [{ callId: 'c0' }], unmade: [] })
  })

  test('adds its usage to the caller once it is answered', () => {
    const facts = [
      begun(),
      stepWith('call'),
      called('c0'),
      child('c0'),
      { ...returned('c0'), usage },
    ]
    expect(fold(log(...facts)).usage).toEqual(usage)
    expect(decide(fold(log(...facts)), plan)).toMatchObject({ type: 'CallModel', step: 2 })
  })

  test('is made before the client answers its own calls', () => {
    const facts = [begun(), stepWith('weather', 'call'), called('c1'), child('c1')]
    expect(decide(fold(log(...facts)), plan)).toMatchObject({ type: 'Park' })
    expect(decide(fold(log(...facts, returned('c1'))), plan)).toMatchObject({
      fact: { reason: 'function_call' },
    })
  })

  test('is not made by an agent at the greatest depth', () => {
    const facts = [begun({ depth: limits.agentDepth }), stepWith('call', 'look')]
    expect(decide(fold(log(...facts)), plan)).toMatchObject({
      calls: [{ callId: 'c1' }],
      unmade: [{ call: { callId: 'c0' }, error: expect.stringContaining('deep') }],
    })
    const above = [begun({ depth: limits.agentDepth - 1 }), stepWith('call')]
    expect(decide(fold(log(...above)), plan)).toMatchObject({ unmade: [] })
  })

  test('is not made beyond the limit of a turn, including earlier replies', () => {
    const first = Array.from({ length: limits.children - 1 }, () => 'call')
    const facts: NewFact[] = [begun(), stepWith(...first)]
    for (const at of first.keys()) facts.push(child(`c${at}`), returned(`c${at}`))
    const again = stepWith('call', 'call')
    again.calls = again.calls.map((call) => ({ ...call, callId: `d${call.callId}` }))
    expect(decide(fold(log(...facts, again)), plan)).toMatchObject({
      calls: [{ callId: 'dc0' }],
      unmade: [{ call: { callId: 'dc1' } }],
    })
  })

  test('is made again by a redrive whose sub-agent was cancelled', () => {
    const failed: NewFact = { type: 'turn.failed', code: 'internal', message: '', status: 500 }
    const redrive = { ...begun(), turn: 2, redrive: { turn: 1, userMessageId: 'm' } }
    const facts = [begun(), stepWith('call'), called('c0'), child('c0'), failed, redrive]
    expect(decide(fold(log(...facts)), plan)).toMatchObject({ calls: [{ callId: 'c0' }] })
  })
})

test('a tree that has reached its limit of model calls makes no more', () => {
  const facts: NewFact[] = [begun(), stepWith('look'), returned('c0'), { type: 'calls.spent' }]
  expect(decide(fold(log(...facts)), plan)).toMatchObject({ fact: { reason: 'max_iterations' } })
})

describe('the answer of a sub-agent', () => {
  const parent = { taskId: 'P', turn: 1, callId: 'c9', depth: 1, root: { taskId: 'P', turn: 1 } }
  const reported = (...facts: NewFact[]) => childAnswer('T', log({ ...begun(), parent }, ...facts))
  const step = { ...stepWith(), reason: 'stop' as const, usage }

  test('is its last text, with its usage', () => {
    const spoken: NewFact = {
      type: 'part.finished',
      step: 1,
      partId: 'p',
      kind: 'text',
      text: 'Yes.',
      deltas: 0,
    }
    expect(reported(spoken, step, completed('stop'))).toEqual({
      type: 'tool.returned',
      callId: 'c9',
      toolId: 'call_sub_agent',
      result: { task_id: 'T', output: 'Yes.' },
      ms: 3,
      usage,
    })
  })

  test('is shortened to the size of a stored result', () => {
    const text = 'x'.repeat(2 * limits.storedToolResult)
    const spoken: NewFact = {
      type: 'part.finished',
      step: 1,
      partId: 'p',
      kind: 'text',
      text,
      deltas: 0,
    }
    const answer = reported(spoken, step, completed('stop'))
    expect(JSON.stringify(answer).length).toBeLessThan(limits.storedToolResult)
    expect(answer).toMatchObject({ result: { output: expect.stringContaining('[cut: ') } })
  })

  test('states that it ended early', () => {
    expect(reported(step, completed('max_time'))).toMatchObject({
      result: { finish_reason: 'max_time' },
    })
  })

  test('states that it failed, and that it needs a client', () => {
    const failed: NewFact = { type: 'turn.failed', code: 'cancelled', message: 'no', status: 409 }
    expect(reported(failed)).toMatchObject({
      type: 'tool.failed',
      error: 'the agent failed: cancelled: no (task T)',
    })
    const wants = {
      ...completed('function_call'),
      pending: [{ callId: 'x', name: 'weather', arguments: '{}' }],
    }
    expect(reported(step, wants)).toMatchObject({ error: expect.stringContaining('weather') })
  })

  test('does not exist before its turn has ended, and does not change later', () => {
    expect(reported(step)).toBeUndefined()
    const first = reported(step, completed('stop'))
    expect(reported(step, completed('stop'), { ...begun(), turn: 2 }, step)).toEqual(first)
  })

  test('states that its task was deleted', () => {
    const lost = childLost('T', { ...parent, because: 'deleted' })
    expect(lost).toMatchObject({ type: 'tool.failed', callId: 'c9' })
  })
})

function log(...facts: NewFact[]): Fact[] {
  return facts.map((fact, at) => ({ ...fact, v: 1, pos: at + 1, at: at + 1 }))
}

function begun({ depth }: { depth?: number } = {}) {
  const root = { taskId: 'R', turn: 1 }
  return {
    type: 'turn.started' as const,
    turn: 1,
    plan: 'p',
    model: 'a/one',
    message: { messageId: 'm', role: 'user' as const, parts: [] },
    assistantMessageId: 'am',
    traceId: 't',
    spanId: 's',
    ...(depth !== undefined && { parent: { taskId: 'P', turn: 1, callId: 'c', depth, root } }),
  }
}

function stepWith(...names: string[]) {
  return {
    type: 'step.finished' as const,
    step: 1,
    modelIndex: 0,
    model: 'a/one',
    reason: 'tool_calls' as 'tool_calls' | 'stop',
    calls: names.map((name, at) => ({ callId: `c${at}`, name, arguments: '{}' })),
    ms: 1,
  }
}

function called(callId: string): NewFact {
  return { type: 'tool.called', callId, toolId: 't', name: 'call', arguments: {} }
}

function child(callId: string): NewFact {
  return { type: 'child.started', callId, taskId: `task-${callId}`, agent: 'a' }
}

function returned(callId: string) {
  return { type: 'tool.returned' as const, callId, toolId: 't', result: 'r', ms: 1 }
}

function completed(reason: 'stop' | 'max_time' | 'function_call') {
  return {
    type: 'turn.completed' as const,
    reason,
    pending: [] as { callId: string; name: string; arguments: string }[],
  }
}
