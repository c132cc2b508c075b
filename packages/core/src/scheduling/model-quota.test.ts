import { expect, test } from 'vitest'
import { costIn, paceOf } from './gcra.ts'
import { modelQuotaOf } from './model-quota.ts'
import type { RateBucket } from './model-rates.ts'

const bucket = (part: Partial<RateBucket>): RateBucket => ({
  of: 'operator',
  pattern: 'openai/*',
  unit: 'tokens',
  perMinute: 60_000,
  ...part,
})

test.each([1, 2, 9, 60, 500, 400_000])(
  'of %i units in a minute, all are left at first, and none after a minute’s units were taken',
  (perMinute) => {
    const of = (aheadMs: number) =>
      modelQuotaOf([{ bucket: bucket({ perMinute }), aheadMs }]).tokens
    expect(of(0)).toEqual({ limit: perMinute, left: perMinute, resetMs: 0 })
    const { interval } = paceOf(perMinute)
    const taken = costIn(perMinute, perMinute) * interval
    expect(of(taken)).toMatchObject({ left: 0, resetMs: taken })
    expect(of(taken + 60_000)?.left).toBe(0)
  },
)

test('the tightest bucket of each unit counts', () => {
  const states = [
    { bucket: bucket({ of: 'workspace', perMinute: 10_000 }), aheadMs: 0 },
    { bucket: bucket({}), aheadMs: 62_000 },
    { bucket: bucket({ unit: 'requests', perMinute: 100 }), aheadMs: 0 },
  ]
  expect(modelQuotaOf(states)).toMatchObject({
    tokens: { limit: 60_000, resetMs: 62_000 },
    requests: { limit: 100, left: 100, resetMs: 0 },
  })
  expect(modelQuotaOf([])).toEqual({})
})
