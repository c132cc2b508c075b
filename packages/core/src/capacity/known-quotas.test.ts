import { expect, test } from 'vitest'
import { createKnownQuotas } from './known-quotas.ts'

const requests = { perSecond: 10, burst: 5 }

function quotas() {
  const time = { now: 0 }
  const known = createKnownQuotas({ now: () => time.now, random: () => 0 })
  return { time, known }
}

test('a request that the store would refuse is refused at once, until its time', () => {
  const { time, known } = quotas()
  known.refuse('w')
  known.note('w', { requests: { ...requests, aheadMs: 400 } })
  known.refuse('w')
  known.note('w', { requests: { ...requests, aheadMs: 500 } })
  expect(() => known.refuse('w')).toThrow(
    expect.objectContaining({
      code: 'rate_limited',
      retryAfterSeconds: 0.1,
      details: { violated_policies: ['requests'] },
    }),
  )
  known.refuse('other')
  time.now = 50
  expect(() => known.refuse('w')).toThrow(expect.objectContaining({ retryAfterSeconds: 0.05 }))
  expect(known.of('w')).toEqual({ requests: { ...requests, aheadMs: 450 } })
  time.now = 100
  known.refuse('w')
})

test('what was seen a while ago refuses nothing: the limit may have been raised', () => {
  const { time, known } = quotas()
  known.note('w', { requests: { perSecond: 0.1, burst: 1, aheadMs: 10_000 } })
  expect(() => known.refuse('w')).toThrow('more requests per second')
  time.now = 1_001
  known.refuse('w')
})

test('an empty shard refuses nothing where the workspace has other shards', () => {
  const { known } = quotas()
  known.note('w', { requests: { ...requests, aheadMs: 500 }, isPartial: true })
  expect(() => known.refuse('w')).not.toThrow()
})
