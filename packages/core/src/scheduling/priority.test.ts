import { expect, test } from 'vitest'
import { defaultPriority, isPriority, priorityDelay } from './priority.ts'

const minute = 60_000

test('a turn of a lower priority starts before one that was queued much later', () => {
  const order = [
    { name: 'flex', at: 0, priority: 5 as const },
    { name: 'usual', at: 15 * minute, priority: defaultPriority },
    { name: 'first', at: 39 * minute, priority: 1 as const },
    { name: 'late', at: 41 * minute, priority: 1 as const },
  ]
  const ranked = order.toSorted(
    (a, b) =>
      a.at + priorityDelay(a.priority, 10 * minute) - b.at - priorityDelay(b.priority, 10 * minute),
  )
  expect(ranked.map(({ name }) => name)).toEqual(['usual', 'first', 'flex', 'late'])
})

test('priorities are whole numbers from 1 to 5', () => {
  expect([0, 1, 2.5, 5, 6].filter(isPriority)).toEqual([1, 5])
})
