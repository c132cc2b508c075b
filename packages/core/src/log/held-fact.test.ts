import { expect, test } from 'vitest'
import type { Fact } from './fact.ts'
import { fold } from './fold.ts'
import { heldFact } from './held-fact.ts'
import { ShortenedResult } from '../history/held-result.ts'
import { JsonText } from '../lib/json-text.ts'
import { limits } from '../limits/limits.ts'
import { resultOf } from './turn-result.ts'

const long = limits.toolResultForModel

const results: [string, unknown][] = [
  ['a short text', 'yes'],
  ['nothing', null],
  ['a number', 5],
  ['a blank text', '  '],
  ['a text that just fits', 'x'.repeat(long)],
  ['a text that does not', `${'x'.repeat(long)}y`],
  ['a text with escapes and characters of two bytes', '"\n\u00e9\ud83d\ude00'.repeat(long / 3)],
  ['a small value', { a: [1, 'two'] }],
  ['a value that a response shows whole', { text: 'x'.repeat(2_000) }],
  ['a value that it shows cut', { text: 'x'.repeat(limits.shownToolResult) }],
  ['a large value', Array.from({ length: 20_000 }, (_, at) => ({ at, on: true }))],
]

test.each(results)('%s is read and shortened the same, held or not', (_, result) => {
  const whole = logWith(result)
  const held = whole.map(heldFact)
  const written = logWith(new JsonText(JSON.stringify(result))).map(heldFact)
  for (const facts of [held, written]) {
    expect(fold(facts).history).toEqual(fold(whole).history)
    expect(shortened(facts)).toEqual(shortened(whole))
  }
})

test("the notice of a reviewer's change has the same position, held or not", () => {
  for (const length of [long - 5, long, 2 * long]) {
    const facts = logWith('x'.repeat(length))
    const review = { type: 'review.requested', callId: 'c1', toolId: 't', name: 'fetch' } as const
    const changed = [
      ...facts.slice(0, 2),
      { ...review, arguments: {}, until: 9, v: 1, pos: 9, at: 1 },
      {
        type: 'review.decided',
        callId: 'c1',
        toolId: 't',
        review: 'approved',
        arguments: { a: 1 },
        by: 'reviewer',
        v: 1,
        pos: 10,
        at: 1,
      },
      ...facts.slice(2),
    ] as Fact[]
    expect(fold(changed.map(heldFact)).history).toEqual(fold(changed).history)
  }
})

test('only the part of a long result that a model reads is held', () => {
  const [, , , returned] = logWith(new JsonText(JSON.stringify('x'.repeat(1_000_000)))).map(
    heldFact,
  )
  const { result } = returned as { result: ShortenedResult } & Fact
  expect(result).toBeInstanceOf(ShortenedResult)
  expect([result.beginning.length, result.length]).toEqual([long, 1_000_000])
})

test('a result of the caller is held in the same way', () => {
  const large = { rows: Array.from({ length: 20_000 }, (_, at) => at) }
  const [started, replied] = logWith('')
  const parts = [{ kind: 'tool_result', callId: 'c1', result: large }]
  const message = { messageId: 'm', role: 'tool', parts }
  const before = [{ role: 'tool', results: [{ callId: 'c2', result: large }] }]
  const answer = { ...started, turn: 2, pos: 20, message, before } as Fact
  const facts = [started, replied, answer].filter((fact) => fact !== undefined)
  const held = facts.map(heldFact)
  expect(fold(held).history).toEqual(fold(facts).history)
  expect(JSON.stringify(held).length).toBeLessThan(JSON.stringify(facts).length + 1_000)
  expect(held[2]).toMatchObject({
    message: { parts: [{ result: expect.any(ShortenedResult) }] },
    before: [{ results: [{ result: expect.any(ShortenedResult) }] }],
  })
})

/** A turn with one call, and its result. */
function logWith(result: unknown): Fact[] {
  const facts = [
    {
      type: 'turn.started',
      turn: 1,
      plan: 'p',
      model: 'm/m',
      message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'go' }] },
      assistantMessageId: 'a',
      traceId: 't',
      spanId: 's',
    },
    {
      type: 'step.finished',
      step: 1,
      modelIndex: 0,
      model: 'm/m',
      reason: 'tool_calls',
      calls: [{ callId: 'c1', name: 'fetch', arguments: '{}' }],
      ms: 1,
    },
    { type: 'tool.called', callId: 'c1', toolId: 't', name: 'fetch', arguments: {} },
    { type: 'tool.returned', callId: 'c1', toolId: 't', result, ms: 1 },
  ]
  return facts.map((fact, at) => ({ ...fact, v: 1, pos: at + 1, at: 1 }) as Fact)
}

function shortened(facts: Fact[]) {
  return resultOf(fold(facts), { type: 'turn.completed', reason: 'stop', pending: [] }, 'm/m')
}
