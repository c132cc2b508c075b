import { expect, test } from 'vitest'
import { parseIsoDuration, parseIsoTime, parseStartTime, startDelay } from './start-time.ts'

const minute = 60_000
const day = 86_400_000

test.for([
  ['PT10M', 10 * minute],
  ['PT1H30M', 90 * minute],
  ['P1DT12H', 1.5 * day],
  ['P2W', 14 * day],
  ['PT0.5S', 500],
  ['PT1,5H', 90 * minute],
  ['pt90s', 90_000],
  ['PT0S', 0],
] as const)('the duration %s is %d ms', ([text, ms]) => {
  expect(parseIsoDuration(text)).toBe(ms)
})

test.for([
  '',
  'P',
  'PT',
  'P1',
  '10m',
  'P1Y',
  'P1M',
  'PT1.5H30M',
  '-PT1M',
  'PT1M ',
  'P1DT',
  'PT1H1H',
])('%j is no duration', (text) => {
  expect(parseIsoDuration(text)).toBeUndefined()
})

test.for([
  ['2026-12-01T09:00:00Z', Date.UTC(2026, 11, 1, 9)],
  ['2026-12-01T09:00Z', Date.UTC(2026, 11, 1, 9)],
  ['2026-12-01t09:00:00.250z', Date.UTC(2026, 11, 1, 9, 0, 0, 250)],
  ['2026-12-01T10:30:00+01:30', Date.UTC(2026, 11, 1, 9)],
  ['2026-12-01T10:30:00+0130', Date.UTC(2026, 11, 1, 9)],
] as const)('the time %s has its zone', ([text, time]) => {
  expect(parseIsoTime(text)).toBe(time)
})

test.for([
  '2026-12-01',
  '2026-12-01T09:00:00',
  'tomorrow',
  '1780000000',
  '2026-13-01T09:00:00Z',
  '2026-02-30T25:00:00Z',
])('%j is no time', (text) => {
  expect(parseIsoTime(text)).toBeUndefined()
})

test('a start is at most 90 days ahead', () => {
  expect(parseStartTime('P90D')).toEqual({ startInMs: 90 * day })
  expect(parseStartTime('P90DT1S')).toBeUndefined()
  expect(parseStartTime('2026-12-01T09:00:00Z')).toEqual({ startAt: Date.UTC(2026, 11, 1, 9) })
})

test('a start in the past is not delayed', () => {
  expect(startDelay({ startAt: 1_000 }, 5_000)).toBe(0)
  expect(startDelay({ startAt: 9_000 }, 5_000)).toBe(4_000)
  expect(startDelay({ startInMs: 70 }, 5_000)).toBe(70)
  expect(startDelay({}, 5_000)).toBe(0)
})
