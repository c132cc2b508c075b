import { expect, test } from 'vitest'
import { retryAfterSeconds, submitRefused } from './refuse-submit.ts'

test('a refusal names its limits, and the time is never before the rate admits a request', () => {
  const refused = submitRefused({ policies: ['requests', 'queued'], waitMs: 20_000 }, () => 0)
  expect(refused).toMatchObject({
    code: 'rate_limited',
    details: { violated_policies: ['requests', 'queued'] },
    retryAfterSeconds: 20,
  })
  expect(refused.message).toMatch(/requests per second.+wait for a worker/)
  expect(submitRefused({ policies: ['tasks'], waitMs: 0 }, () => 0).retryAfterSeconds).toBe(45)
})

test('the times of several callers differ, and none is above a minute', () => {
  expect(retryAfterSeconds(20, () => 0)).toBe(0.02)
  expect(retryAfterSeconds(20, () => 0.5)).toBe(0.52)
  expect(retryAfterSeconds(10_000, () => 0.5)).toBe(12.5)
  expect(retryAfterSeconds(45_000, () => 0.9)).toBe(60)
  expect(retryAfterSeconds(600_000, () => 0)).toBe(60)
})
