import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Fact } from './fact.ts'
import { fold } from './fold.ts'

// Facts as version 1 stored them when there were 20 types, with every optional field. These files never change.
const conversation = storedFacts('conversation')
const subAgent = storedFacts('sub-agent')

test('every fact that an earlier version stored parses, without loss', () => {
  for (const stored of [...conversation, ...subAgent]) expect(Fact.parse(stored)).toEqual(stored)
})

test('the stored facts have every type that the earlier version had', () => {
  const types = [...conversation, ...subAgent].map((stored) => Fact.parse(stored).type)
  expect(new Set(types).size).toBe(20)
})

test('the conversation that an earlier version stored folds', () => {
  const state = fold(conversation.map((fact) => Fact.parse(fact)))
  expect(state).toMatchObject({ facts: 35, turn: 3, cancelRequested: true, unread: [], open: [] })
  expect(state.ended).toMatchObject({ type: 'turn.failed', code: 'cancelled' })
  expect(state.variables).toMatchObject({ city: 'Oslo' })
  expect(state.history.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
    'user',
    'assistant',
    'tool',
  ])
})

test('the task of a sub-agent that an earlier version stored folds', () => {
  const state = fold(subAgent.map((fact) => Fact.parse(fact)))
  expect(state).toMatchObject({
    facts: 9,
    turn: 2,
    steps: 1,
    text: 'The second.',
    parent: undefined,
  })
  expect(state.directions).toEqual(['Answer in one word.'])
  expect(fold(subAgent.slice(0, 5).map((fact) => Fact.parse(fact)))).toMatchObject({
    fileFailed: { fileId: '1.1' },
    parent: { callId: 'call_3', depth: 1 },
    trimmedOnRefusal: true,
  })
})

function storedFacts(name: string): unknown[] {
  const lines = readFileSync(new URL(`stored-facts/${name}.jsonl`, import.meta.url), 'utf8')
  return lines
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}
