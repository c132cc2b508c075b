import { expect, test } from 'vitest'
import { vendorReports } from './vendor-reports.ts'

test('the limits of OpenAI and of servers like it are read', () => {
  const headers = {
    'x-ratelimit-remaining-requests': '4999',
    'x-ratelimit-reset-requests': '12ms',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '1m30.5s',
  }
  expect(vendorReports(headers)).toEqual({
    requests: { remaining: 4_999, resetMs: 12 },
    tokens: { remaining: 0, resetMs: 90_500 },
  })
})

test('the limits of Anthropic are read, on the clock of its reply', () => {
  const headers = {
    date: 'Thu, 01 Jan 2026 00:00:00 GMT',
    'anthropic-ratelimit-requests-remaining': '3',
    'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:07Z',
  }
  expect(vendorReports(headers, 0)).toEqual({ requests: { remaining: 3, resetMs: 7_000 } })
})

test('other headers report nothing, and a pause is at most a day', () => {
  expect(vendorReports({ 'x-ratelimit-remaining-requests': 'many' })).toBeUndefined()
  expect(vendorReports({})).toBeUndefined()
  const long = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '900h' }
  expect(vendorReports(long)?.requests?.resetMs).toBe(86_400_000)
})
