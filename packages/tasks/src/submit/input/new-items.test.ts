import { type Fact, itemId, type NewFact, type PriorMessage, responseId } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { knownContent } from './known-content.ts'
import { newItems } from './new-items.ts'
import type { SentItem } from './input-item.ts'

const task = '01M82QZJR70EW6M8MCWTHC95Q0'
const other = '01M82QZJR70EW6M8MCWTHC95Q1'
const idIn = (taskId: string, turn: number) =>
  itemId('msg', { taskId, turn, side: 'output', index: 0 })

const message = (content: string): PriorMessage => {
  return { role: 'user', parts: [{ kind: 'text', text: content }] }
}
const answer = (content: string): PriorMessage => {
  return { role: 'assistant', parts: [{ kind: 'text', text: content }], calls: [] }
}
const call = (callId: string): PriorMessage => {
  return { role: 'assistant', parts: [], calls: [{ callId, name: 'f', arguments: '{}' }] }
}
const result = (callId: string): PriorMessage => ({
  role: 'tool',
  results: [{ callId, result: 1 }],
})

const started = (turn: number, text: string, more: object = {}): NewFact => ({
  type: 'turn.started',
  turn,
  plan: 'p',
  model: 'm',
  assistantMessageId: 'a',
  traceId: 't',
  spanId: 's',
  message: { messageId: 'u', role: 'user', parts: [{ kind: 'text', text }] },
  ...more,
})
const step = (callIds: string[]): NewFact => ({
  type: 'step.finished',
  step: 1,
  modelIndex: 0,
  model: 'm',
  reason: 'stop',
  calls: callIds.map((callId) => ({ callId, name: 'f', arguments: '{}' })),
  ms: 1,
})
const facts = [
  started(1, 'One', { origins: [responseId(other, 2), idIn(other, 7)] }),
  { type: 'part.finished', step: 1, partId: 'p', kind: 'text', text: 'Hello.', deltas: 1 },
  step(['old', 'waits']),
  started(2, 'Two'),
].map((fact, at) => ({ ...fact, v: 1, pos: at, at })) as Fact[]
const known = knownContent({ taskId: task, turn: 1 }, facts)

/** The indexes of the new items. */
function kept(items: (PriorMessage | string)[], pending: string[] = ['waits']): number[] {
  const sent = items.map((item, at): SentItem => {
    const path = String(at)
    return typeof item === 'string' ? { path, id: item } : { path, messages: [item] }
  })
  return newItems(sent, known, pending).map(({ path }) => Number(path))
}

describe('an item is repeated', () => {
  test('if its id names a turn of the conversation, a copied one, or a single item', () => {
    const ids = [idIn(task, 1), idIn(other, 1), idIn(other, 2), idIn(other, 7)]
    expect(kept(ids)).toEqual([])
    expect(kept([idIn(task, 2), idIn(other, 3), 'msg_foreign'])).toEqual([0, 1, 2])
  })

  test('if it is a call of the conversation, or the result of a call that waits for none', () => {
    expect(kept([call('old'), result('old'), call('waits'), result('waits')])).toEqual([3])
    expect(kept([call('new'), result('new'), result('unknown')])).toEqual([0, 1, 2])
  })

  test('if it is a message of the conversation before such an item or before an awaited result', () => {
    expect(kept([message('One'), answer('Hello.'), call('old'), message('One')])).toEqual([3])
    expect(kept([message('One'), result('waits'), message('One')])).toEqual([1, 2])
    expect(kept([message('Two'), result('waits')])).toEqual([0, 1])
  })

  test('if the messages begin like the whole conversation, and more follows', () => {
    expect(kept([message('One'), answer('Hello.'), message('Next')], [])).toEqual([2])
    expect(kept([message('One'), message('Next')], [])).toEqual([1])
    expect(kept([message('One')], [])).toEqual([0])
    expect(kept([message('One'), answer('Hello.')], [])).toEqual([0, 1])
    expect(kept([message('Other'), message('One'), message('Next')], [])).toEqual([0, 1, 2])
  })
})

test('the origins of a copy are its own, and the response up to which it was copied', () => {
  expect(known.origins).toEqual([responseId(other, 2), idIn(other, 7), responseId(task, 1)])
})
