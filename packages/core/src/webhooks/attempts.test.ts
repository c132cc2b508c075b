import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterAttempt, attemptWaits, parseRetryAfter } from './attempts.ts'
import { eventPatterns, matchesEvent } from './event-types.ts'

const waits = attemptWaits
const hour = 3_600_000

test('attempts come after 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h', () => {
  const planned = waits.slice(1).map((_, at) => afterAttempt(at + 1, { status: 500 }, 0))
  const hours = [2, 5, 10, 14, 20, 24].map((each) => each * hour)
  expect(planned.map((each) => 'afterMs' in each && each.afterMs)).toEqual([
    5_000,
    300_000,
    1_800_000,
    ...hours,
  ])
  expect(afterAttempt(waits.length, { status: 500 }, 0)).toEqual({ outcome: 'failed' })
})

test('a wait is up to a tenth shorter, and as long as the receiver asks', () => {
  const attempt = fc.integer({ min: 1, max: waits.length - 1 })
  const random = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(attempt, random, fc.nat(2 * 24 * hour), (made, chance, retryAfterMs) => {
      const next = afterAttempt(made, { status: 503, retryAfterMs }, chance)
      const afterMs = next.outcome === 'retry' ? next.afterMs : -1
      const asked = Math.min(retryAfterMs, 24 * hour)
      const wait = waits[made] ?? 0
      expect(afterMs).toBeGreaterThanOrEqual(Math.max(Math.floor(0.9 * wait), asked))
      expect(afterMs).toBeLessThanOrEqual(Math.max(wait, asked))
    }),
  )
})

test('2xx delivers, 410 ends, and anything else is tried again', () => {
  for (const status of [200, 201, 204, 299]) {
    expect(afterAttempt(1, { status }, 0).outcome).toBe('delivered')
  }
  expect(afterAttempt(1, { status: 410 }, 0).outcome).toBe('gone')
  for (const status of [199, 300, 302, 400, 404, 429, 500, undefined]) {
    expect(afterAttempt(1, { status }, 0).outcome).toBe('retry')
  }
})

test('Retry-After is a number of seconds or a date', () => {
  const now = Date.parse('2030-01-31T09:00:00Z')
  expect(parseRetryAfter('120', now)).toBe(120_000)
  expect(parseRetryAfter('Thu, 31 Jan 2030 09:00:10 GMT', now)).toBe(10_000)
  expect(parseRetryAfter('Thu, 31 Jan 2030 08:00:00 GMT', now)).toBe(0)
  expect(parseRetryAfter('soon', now)).toBeUndefined()
  expect(parseRetryAfter(undefined, now)).toBeUndefined()
})

test('a pattern selects a type, a family or everything', () => {
  expect(eventPatterns).toContain('webhook_endpoint.*')
  const type = 'response.failed'
  expect(matchesEvent(['response.*'], type)).toBe(true)
  expect(matchesEvent(['*'], type)).toBe(true)
  expect(matchesEvent(['response.failed'], type)).toBe(true)
  expect(matchesEvent(['response.completed', 'webhook_endpoint.*'], type)).toBe(false)
})
