import { expect, test } from 'vitest'
import type { SeenFact } from './evidence.ts'
import { holdsOf } from './slot-holds.ts'

const task = { taskId: 't', workspace: 'w', fairnessKey: '' }

function logOf(...facts: [type: string, at: number][]): SeenFact[] {
  return facts.map(([type, at], place) => ({ type, at, pos: place + 1 }))
}

test('a slot is held from the start of an attempt to the end or the pause of its turn', () => {
  const facts = logOf(
    ['turn.started', 100],
    ['attempt.started', 110],
    ['turn.parked', 120],
    ['tool.returned', 130],
    ['attempt.started', 140],
    ['turn.completed', 150],
    ['turn.started', 200],
    ['attempt.started', 210],
    ['turn.completed', 220],
  )
  expect(holdsOf(facts, task)).toEqual([
    { ...task, queuedAt: 100, from: 110, heldTo: 120, atMostTo: 120 },
    { ...task, from: 140, heldTo: 150, atMostTo: 150 },
    { ...task, queuedAt: 200, from: 210, heldTo: 220, atMostTo: 220 },
  ])
})

test('an attempt without an end certainly held its slot until its last fact', () => {
  const facts = logOf(
    ['turn.started', 100],
    ['attempt.started', 110],
    ['step.finished', 120],
    ['cancel.requested', 130],
    ['attempt.started', 140],
    ['turn.failed', 150],
  )
  expect(holdsOf(facts, task)).toEqual([
    { ...task, queuedAt: 100, from: 110, heldTo: 120, atMostTo: 140 },
    { ...task, from: 140, heldTo: 140, atMostTo: 150 },
  ])
})

test('a turn that was cancelled in its lane never held a slot', () => {
  expect(holdsOf(logOf(['turn.started', 100], ['turn.failed', 110]), task)).toEqual([])
})
