import { expect, test } from 'vitest'
import { currentDate } from './current-date.ts'

test('the date is that of its second and time zone, however often it is asked for', () => {
  const at = Date.UTC(2026, 0, 31, 23, 59, 59, 900)
  const dates = [at, at + 99, at + 100].map((now) =>
    ['UTC', 'America/St_Johns'].map((timezone) => currentDate({ timezone }, { now })),
  )
  const utc = { date: '2026-01-31T23:59:59Z', weekday: 'Saturday', timezone: 'UTC' }
  const local = { ...utc, date: '2026-01-31T20:29:59-03:30', timezone: 'America/St_Johns' }
  expect(dates).toEqual([
    [utc, local],
    [utc, local],
    [
      { ...utc, date: '2026-02-01T00:00:00Z', weekday: 'Sunday' },
      { ...local, date: '2026-01-31T20:30:00-03:30' },
    ],
  ])
})
