import { describe, expect, test } from 'vitest'
import { joinMessages } from './join-messages.ts'
import type { SentMessage } from './input-item.ts'

const text = (content: string): SentMessage => {
  return { role: 'assistant', parts: [{ kind: 'text', text: content }], calls: [] }
}
const thought = (content: string): SentMessage => {
  return { role: 'assistant', parts: [{ kind: 'reasoning', text: content }], calls: [] }
}
const user = (content: string): SentMessage => {
  return { role: 'user', parts: [{ kind: 'text', text: content }] }
}
const call = (callId: string, given = '{}'): SentMessage => {
  return { role: 'assistant', parts: [], calls: [{ callId, name: 'f', arguments: given }] }
}
const result = (callId: string, value = callId): SentMessage => {
  return { role: 'tool', results: [{ callId, result: value }], paths: [`path of ${callId}`] }
}

/** The messages in short: `answer text a b`, `results a b`. */
function joined(messages: SentMessage[], pending: string[] = []): string[] {
  return joinMessages(structuredClone(messages), pending).map((message) => {
    if (message.role === 'tool') {
      const paths = message.results.map(({ callId }) => `path of ${callId}`)
      if (paths.join(' ') !== message.paths?.join(' ')) return 'results with other paths'
      return ['results', ...message.results.map((each) => String(each.result))].join(' ')
    }
    if (message.role === 'system') return 'system'
    const texts = message.parts.map((part) => ('text' in part ? part.text : part.kind))
    if (message.role === 'user') return ['user', ...texts].join(' ')
    return ['answer', ...texts, ...message.calls.map(({ callId }) => callId)].join(' ')
  })
}

describe('the result of a call directly follows the answer with the call,', () => {
  test.each([
    [
      'after other calls',
      [call('a'), call('b'), result('a'), result('b')],
      ['answer a b', 'results a b'],
    ],
    [
      'between calls',
      [call('a'), result('a'), call('b'), result('b')],
      ['answer a', 'results a', 'answer b', 'results b'],
    ],
    ['after a message', [call('a'), user('x'), result('a')], ['answer a', 'results a', 'user x']],
    ['before the call', [result('a'), user('x'), call('a')], ['user x', 'answer a', 'results a']],
    [
      'far from its call',
      [call('a'), call('b'), result('b'), text('t'), user('x'), result('a')],
      ['answer a b', 'results b a', 'answer t', 'user x'],
    ],
    [
      'under an id that is used again',
      [call('a'), result('a', '1'), call('a'), result('a', '2')],
      ['answer a', 'results 1', 'answer a', 'results 2'],
    ],
  ])('%s', (_, messages, expected) => {
    expect(joined(messages)).toEqual(expected)
  })
})

test('results of waiting calls come first', () => {
  expect(joined([user('x'), result('p'), user('y'), result('q')], ['p', 'q'])).toEqual([
    'results p q',
    'user x',
    'user y',
  ])
})

test('a call or a result that is sent twice counts once', () => {
  expect(joined([call('a', '{"x":1}'), call('a', '{ "x": 1 }'), result('a'), result('a')])).toEqual(
    ['answer a', 'results a'],
  )
})

test('other calls and results under one id stay where they are, and are refused later', () => {
  expect(joined([call('a'), call('a', '{"x":1}'), result('a')])).toEqual([
    'answer a a',
    'results a',
  ])
  expect(joined([call('a'), result('a'), user('x'), result('a', 'other'), result('b')])).toEqual([
    'answer a',
    'results a',
    'user x',
    'results other',
    'results b',
  ])
})

test('reasoning belongs to the answer that follows it, and is left out without one', () => {
  expect(
    joined([
      thought('1'),
      text('t'),
      thought('2'),
      call('a'),
      result('a'),
      thought('3'),
      user('x'),
    ]),
  ).toEqual(['answer 1 t 2 a', 'results a', 'user x'])
})
