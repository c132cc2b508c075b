import { expect, test } from 'vitest'
import { createCrashedTurns } from './crashed-turns.ts'

test('a process runs any number of turns that crashed at most one worker, and one of the others', () => {
  const crashed = createCrashedTurns()
  expect(crashed.enter({ deaths: 0 })).toBeDefined()
  expect(crashed.enter({ deaths: 1 })).toBeDefined()
  expect(crashed.isRunning()).toBe(false)
  const leave = crashed.enter({ deaths: 2 })
  expect(crashed.isRunning()).toBe(true)
  expect(crashed.enter({ deaths: 3 })).toBeUndefined()
  expect(crashed.enter({ deaths: 1 })).toBeDefined()
  leave?.()
  expect(crashed.enter({ deaths: 3 })).toBeDefined()
})
