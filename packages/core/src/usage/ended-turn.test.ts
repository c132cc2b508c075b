import { expect, test } from 'vitest'
import type { Fact, NewFact } from '../log/fact.ts'
import { parseEndedTurn, turnUsage } from './ended-turn.ts'

const started = (turn: number, notes?: Record<string, unknown>): NewFact => ({
  type: 'turn.started',
  turn,
  plan: 'p',
  model: 'x/first',
  message: { messageId: 'm', role: 'user', parts: [] },
  assistantMessageId: 'a',
  traceId: 't',
  spanId: 's',
  ...(notes && { notes }),
})
const attempt = (startAt?: number): NewFact => ({
  type: 'attempt.started',
  attempt: 'a',
  epoch: 1,
  ...(startAt !== undefined && { startAt }),
})
const step = (model: string, input: number, output: number, cached?: number): NewFact => ({
  type: 'step.finished',
  step: 0,
  modelIndex: 0,
  model,
  reason: 'stop',
  calls: [],
  ms: 1,
  usage: {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output,
    ...(cached !== undefined && { cachedTokens: cached }),
  },
})

test('the usage of a turn has its wait, its identity and the tokens of each model', () => {
  const log = recorded([
    [100, started(1)],
    [200, step('x/old', 9, 9)],
    [1_000, started(2, { identity: { id: 'ada' } })],
    [1_500, attempt()],
    [2_000, step('x/first', 10, 1, 4)],
    [2_500, step('x/second', 20, 2)],
    [2_600, attempt()],
    [3_000, step('x/first', 30, 3)],
  ])
  expect(turnUsage(log, 'x/first')).toEqual({
    from: 1_000,
    waited: 500,
    identity: 'ada',
    models: [
      ['x/second', 20, 2, 0],
      ['x/first', 40, 4, 4],
    ],
  })
})

test('a turn that starts later waits from its start time on', () => {
  const log = recorded([
    [1_000, started(1)],
    [9_100, attempt(9_000)],
  ])
  expect(turnUsage(log, '')).toEqual({ from: 9_000, waited: 100, models: [['x/first', 0, 0, 0]] })
})

test('the usage of a log that cannot be read is that of a turn without calls', () => {
  expect(turnUsage([], 'x/first')).toEqual({ models: [['x/first', 0, 0, 0]] })
})

test('what the shard has noted is read again, and other text is not', () => {
  const usage = { from: 5, waited: 1, identity: 'a b', models: [['x/y', 1, 2, 3]] }
  const noted = `T1 77 acme agent completed ${JSON.stringify(usage)}`
  const turn = { at: 77, workspace: 'acme', agentId: 'agent', status: 'completed', ...usage }
  expect(parseEndedTurn(noted)).toEqual(turn)
  for (const text of ['', 'T1 77 acme agent completed', noted.slice(0, -1), 'T1 x acme a b {}'])
    expect(parseEndedTurn(text)).toBeUndefined()
})

function recorded(facts: [at: number, fact: NewFact][]): Fact[] {
  return facts.map(([at, fact], pos) => ({ ...fact, v: 1, pos, at }))
}
