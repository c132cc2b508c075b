import { expect, test } from 'vitest'
import { fail } from './decide.ts'
import { limits } from '../limits/limits.ts'
import { fullAt, whyFull } from './task-full.ts'

const { fact } = fail('internal', 'why')
const next = { type: 'Finish', fact } as const
const call = { callId: 'c', name: 'n', arguments: '{}' }
const run = { type: 'RunTools', calls: [call, call], unmade: [{ call, error: 'no' }] } as const

test('a task has capacity up to its limits, and a reserve for the end', () => {
  expect(fullAt.facts).toBeLessThan(limits.facts)
  const capacity = { facts: fullAt.facts - 2, bytes: limits.logBytes - 1 }
  expect(whyFull(capacity, next)).toBeUndefined()
  expect(whyFull({ ...capacity, facts: capacity.facts + 1 }, next)).toContain('20000 facts')
  expect(whyFull({ ...capacity, bytes: limits.logBytes }, next)).toContain('bytes')
})

test('calls that run together need capacity together', () => {
  const calls = { ...run, calls: [...run.calls], unmade: [...run.unmade] }
  expect(whyFull({ facts: fullAt.facts - 6, bytes: 0 }, calls)).toBeUndefined()
  expect(whyFull({ facts: fullAt.facts - 5, bytes: 0 }, calls)).toContain('full')
})
