import type { Message } from '@longhaul/core'
import { expect, test } from 'vitest'
import { withUniqueCallIds } from './unique-call-ids.ts'

function called(...ids: string[]): Message {
  const calls = ids.map((callId) => ({ callId, name: 'f', arguments: {} }))
  return { role: 'assistant', parts: [], calls }
}

function results(...ids: string[]): Message {
  return {
    role: 'tool',
    results: ids.map((callId) => ({ callId, name: 'f', text: 'x', failed: false })),
  }
}

function idsOf(messages: Message[]): string[][] {
  return messages.map((message) => {
    if (message.role === 'user') return []
    const all = message.role === 'assistant' ? message.calls : message.results
    return all.map(({ callId }) => callId)
  })
}

test('a history without doubled ids stays the same object', () => {
  const messages = [called('a', 'b'), results('a', 'b')]
  expect(withUniqueCallIds(messages)).toBe(messages)
})

test('a later call with a known id gets another id, as does its result', () => {
  const messages = [
    called('a'),
    results('a'),
    called('a', 'a_2', 'a'),
    results('a', 'a_2', 'a'),
    called('a'),
    results('a'),
  ]
  expect(idsOf(withUniqueCallIds(messages))).toEqual([
    ['a'],
    ['a'],
    ['a_3', 'a_2', 'a_4'],
    ['a_3', 'a_2', 'a_4'],
    ['a_5'],
    ['a_5'],
  ])
})

test('no id becomes too long', () => {
  const id = 'x'.repeat(64)
  const [, , second] = idsOf(withUniqueCallIds([called(id), results(id), called(id)]))
  expect(second).toEqual([`${'x'.repeat(62)}_2`])
})
