import type { SubmitQuota } from '@longhaul/core'
import { expect, test } from 'vitest'
import { openaiQuotaHeaders, quotaHeaders } from './quota-headers.ts'

const of = (aheadMs: number): SubmitQuota => ({
  requests: { perSecond: 50, burst: 100, aheadMs },
  queued: { limit: 10_000, now: 312 },
})

test('headers have the limits, what is left of them, and when more is available', () => {
  expect(quotaHeaders(of(260))).toEqual({
    'ratelimit-policy': '"requests";q=100;w=2, "queued";q=10000',
    ratelimit: '"requests";r=87;t=1, "queued";r=9688',
  })
  expect(quotaHeaders(of(0))['ratelimit']).toBe('"requests";r=100;t=0, "queued";r=9688')
  expect(quotaHeaders(of(1_990))['ratelimit']).toBe('"requests";r=0;t=1, "queued";r=9688')
  expect(quotaHeaders({ queued: { limit: 5, now: 7 } })).toEqual({
    'ratelimit-policy': '"queued";q=5',
    ratelimit: '"queued";r=0',
  })
  expect(quotaHeaders({})).toEqual({})
})

test('clients of OpenAI get the requests in their own headers', () => {
  const headers = (aheadMs: number) => Object.values(openaiQuotaHeaders(of(aheadMs), {}))
  expect(openaiQuotaHeaders(of(260), {})).toEqual({
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': '87',
    'x-ratelimit-reset-requests': '260ms',
  })
  expect(headers(1_990)).toEqual(['100', '0', '10ms'])
  expect(headers(1_420)).toEqual(['100', '29', '1.5s'])
  const slow = { requests: { perSecond: 0.001, burst: 1, aheadMs: 361_000 + 1_000_000 } }
  expect(openaiQuotaHeaders(slow, {})['x-ratelimit-reset-requests']).toBe('22m41s')
  expect(openaiQuotaHeaders({ queued: { limit: 5, now: 7 } }, {})).toEqual({})
})

test('they also get the tokens of the model, and its requests where the workspace has no limit', () => {
  const ofModel = {
    requests: { limit: 500, left: 499, resetMs: 120 },
    tokens: { limit: 400_000, left: 0, resetMs: 90_500 },
  }
  const tokens = {
    'x-ratelimit-limit-tokens': '400000',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '1m30.5s',
  }
  expect(openaiQuotaHeaders({}, ofModel)).toEqual({
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-remaining-requests': '499',
    'x-ratelimit-reset-requests': '120ms',
    ...tokens,
  })
  const both = openaiQuotaHeaders(of(260), ofModel)
  expect(both).toMatchObject({ 'x-ratelimit-limit-requests': '100', ...tokens })
})
