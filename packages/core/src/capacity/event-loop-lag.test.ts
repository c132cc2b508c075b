import { expect, test } from 'vitest'
import { createLagWindow } from './event-loop-lag.ts'

/** Timers of 100 ms that are late by these times, one after the other. */
function leastOf(lags: number[]): number {
  const lag = createLagWindow(5_000)
  let now = 0
  for (const lagMs of lags) {
    now += 100 + lagMs
    lag.add(lagMs, now, 100 + lagMs)
  }
  return lag.least(now)
}

test('a loop is late when every timer of the window is late', () => {
  expect(leastOf(Array<number>(10).fill(600))).toBe(600)
  expect(leastOf([...Array<number>(10).fill(600), 550])).toBe(550)
})

test('one timer in time, a short window or a process that was stopped is no lag', () => {
  expect(leastOf([...Array<number>(10).fill(600), 0])).toBe(0)
  expect(leastOf(Array<number>(5).fill(600))).toBe(0)
  expect(leastOf([0, 0, 20_000])).toBe(0)
  expect(leastOf([])).toBe(0)
})
