import { expect, test } from 'vitest'
import { hasEnded, type Status, transitions } from './transitions.ts'

test('no status follows an end', () => {
  const ended = (Object.keys(transitions) as Status[]).filter(hasEnded)
  expect(ended).toEqual(['completed', 'failed', 'cancelled'])
})

test('every status can be reached from the first', () => {
  const reached = new Set<Status>(['queued'])
  for (const status of reached) for (const next of transitions[status]) reached.add(next)
  expect(reached).toEqual(new Set(Object.keys(transitions)))
})
