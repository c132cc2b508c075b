import { expect, test } from 'vitest'
import { foldTime, placeOf, timeAt } from './fold-time.ts'

/** Work of two seconds, a wait of two hours, work of one second. */
const spans = [
  { from: 0, to: 2_000, isIdle: false },
  { from: 2_000, to: 7_202_000, isIdle: true },
  { from: 7_202_000, to: 7_203_000, isIdle: false },
]

test('a long wait is folded, and the pieces fill the axis', () => {
  const axis = foldTime(spans, { isTrue: false })
  expect(axis.map(({ isFolded }) => isFolded)).toEqual([false, true, false])
  expect(axis.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1)
  const [work = 0, wait = 0, rest = 0] = axis.map(({ width }) => width)
  expect(work / rest).toBeCloseTo(2)
  expect(wait).toBeLessThan(0.5)
})

test('at true scale nothing is folded', () => {
  const axis = foldTime(spans, { isTrue: true })
  expect(axis.every(({ isFolded }) => !isFolded)).toBe(true)
  expect(placeOf(2_000, axis)).toBeCloseTo(2_000 / 7_203_000)
})

test('a place leads back to its time', () => {
  const axis = foldTime(spans, { isTrue: false })
  for (const time of [0, 500, 2_000, 3_600_000, 7_202_500, 7_203_000]) {
    expect(timeAt(placeOf(time, axis), axis)).toBeCloseTo(time, 3)
  }
})

test('without spans there is no axis', () => {
  expect(foldTime([], { isTrue: false })).toEqual([])
  expect(placeOf(5, [])).toBe(0)
})
