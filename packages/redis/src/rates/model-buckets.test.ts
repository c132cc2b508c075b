import {
  costIn,
  earliest,
  limits,
  paceOf,
  type RateBucket,
  type RatedCall,
  settle,
  take,
} from '@longhaul/core'
import { test as base, volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import { describe, expect } from 'vitest'
import { operatorRates } from '../connection/keys.ts'
import { createModelBuckets } from './model-buckets.ts'

const minute = 60_000

const test = base
  .extend('time', () => ({ now: 1_000_000_000 }))
  .extend('buckets', ({ redis, time }) => createModelBuckets(redis, { clock: () => time.now }))

const bucket = (part: Partial<RateBucket> = {}): RateBucket => ({
  of: 'operator',
  pattern: 'openai/*',
  unit: 'requests',
  perMinute: 60,
  ...part,
})
const callOf = (buckets: RateBucket[], tokens = 0): RatedCall => ({
  workspace: 'w',
  buckets,
  tokens,
})

describe('a call', () => {
  test('is ready at once, then soon, then later, and then not reserved', async ({
    buckets,
    time,
  }) => {
    const call = callOf([bucket()])
    const replies = []
    for (let at = 0; at < 80; at += 1)
      replies.push(await buckets.reserve(call, { isReserved: false }))
    const { interval } = paceOf(60)
    const atOnce = { outcome: 'ready', inMs: 0 }
    expect(replies.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => atOnce))
    expect(replies[6]).toEqual({ outcome: 'ready', inMs: Math.ceil(interval) })
    const outcomes = replies.map(({ outcome }) => outcome)
    expect(outcomes.lastIndexOf('ready')).toBe(
      5 + Math.floor(limits.modelRates.inWorker / interval),
    )
    expect(outcomes.lastIndexOf('later')).toBe(5 + Math.floor(minute / interval))
    const full = replies.at(-1)
    if (full?.outcome !== 'full') throw new Error('the call was reserved')
    const { ahead, reopen } = limits.modelRates
    expect(full.until).toBeGreaterThan(time.now + ahead - reopen)
    expect(full.until).toBeLessThanOrEqual(time.now + ahead - reopen + Math.ceil(interval))
    // The calls that were not reserved have taken nothing.
    time.now = full.until
    expect(await buckets.reserve(call, { isReserved: false })).toMatchObject({ outcome: 'later' })
  })

  test('that is reserved is ready at its time, before those that come later', async ({
    buckets,
    time,
  }) => {
    const call = callOf([bucket({ perMinute: 12 })])
    const until = []
    for (let at = 0; at < 8; at += 1) {
      const reply = await buckets.reserve(call, { isReserved: false })
      if (reply.outcome === 'later') until.push(reply.until)
    }
    expect(until).toHaveLength(6)
    time.now = until[0]!
    expect(await buckets.reserve(call, { isReserved: false })).toMatchObject({ outcome: 'later' })
    expect(await buckets.reserve(call, { isReserved: true })).toEqual({ outcome: 'ready', inMs: 0 })
    // Those that come late do not start together.
    time.now = until[3]!
    const late = []
    for (let at = 0; at < 3; at += 1) late.push(await buckets.reserve(call, { isReserved: true }))
    const { interval } = paceOf(12)
    expect(late).toMatchObject([
      { outcome: 'ready', inMs: 0 },
      { outcome: 'ready', inMs: 0 },
      { outcome: 'later', until: Math.ceil(time.now + interval) },
    ])
  })

  test('leaves what its rates have left for others', async ({ buckets, time }) => {
    const tokens = bucket({ unit: 'tokens', perMinute: 1_000 })
    const own = bucket({ unit: 'tokens', perMinute: 600, of: 'workspace' })
    const call = callOf([tokens, own, bucket()], 400)
    expect(await buckets.quota(call)).toMatchObject({
      tokens: { limit: 600, left: 600 },
      requests: { limit: 60, left: 60, resetMs: 0 },
    })
    await buckets.reserve(call, { isReserved: false })
    const resetMs = Math.ceil(400 * paceOf(600).interval)
    const { tokens: left } = await buckets.quota(call)
    expect(left).toMatchObject({ limit: 600, resetMs })
    expect(left?.left).toBeLessThanOrEqual(200)
    time.now += minute
    expect((await buckets.quota(call)).tokens).toMatchObject({ left: 600, resetMs: 0 })
  })

  test('that is not made gives its units back', async ({ buckets }) => {
    const call = callOf([bucket({ perMinute: 2 })])
    await buckets.reserve(call, { isReserved: false })
    const later = await buckets.reserve(call, { isReserved: false })
    expect(later).toMatchObject({ outcome: 'later' })
    await buckets.refund(call, 'later')
    expect(await buckets.reserve(call, { isReserved: false })).toEqual(later)
    await buckets.refund(call, 'later')
    await buckets.refund(call, 'ready')
    expect(await buckets.reserve(call, { isReserved: false })).toEqual({
      outcome: 'ready',
      inMs: 0,
    })
  })

  test('is counted with the tokens that it has used, once it has ended', async ({ buckets }) => {
    const tokens = bucket({ unit: 'tokens', perMinute: 1_000 })
    const reserve = async (count: number) =>
      await buckets.reserve(callOf([tokens], count), { isReserved: false })
    const large = callOf([tokens], 800)
    expect(await buckets.reserve(large, { isReserved: false })).toMatchObject({ outcome: 'ready' })
    expect(await reserve(100)).toMatchObject({ outcome: 'later' })
    await buckets.settle(large, 0, {})
    await buckets.refund(callOf([tokens], 100), 'later')
    expect(await reserve(100)).toEqual({ outcome: 'ready', inMs: 0 })
    // More than it had reserved.
    await buckets.settle(callOf([tokens], 100), 900, {})
    expect(await reserve(1)).toMatchObject({ outcome: 'later' })
  })

  test('of a vendor that has less left makes the others wait', async ({ buckets, time }) => {
    const call = callOf([bucket({ perMinute: 600 })])
    await buckets.reserve(call, { isReserved: false })
    await buckets.settle(call, 0, { requests: { remaining: 0, resetMs: 20_000 } })
    const next = await buckets.reserve(call, { isReserved: false })
    expect(next).toMatchObject({ outcome: 'later', until: time.now + 20_000 })
    await buckets.settle(call, 0, { requests: { remaining: 0, resetMs: 3_600_000 } })
    expect(await buckets.reserve(call, { isReserved: true })).toMatchObject({
      outcome: 'later',
      until: time.now + 3_600_000,
    })
    expect(await buckets.reserve(call, { isReserved: false })).toMatchObject({ outcome: 'full' })
  })

  test('waits for the slowest of its buckets, and takes nothing from a workspace that is full', async ({
    buckets,
    redis,
    time,
  }) => {
    const own = bucket({ of: 'workspace', pattern: '*', perMinute: 2 })
    const shared = bucket({ perMinute: 100 })
    const both = callOf([own, shared])
    expect(await buckets.reserve(both, { isReserved: false })).toEqual({
      outcome: 'ready',
      inMs: 0,
    })
    const later = await buckets.reserve(both, { isReserved: false })
    expect(later).toEqual({ outcome: 'later', until: time.now + paceOf(2).interval, bucket: own })
    const before = await redis.hgetall(operatorRates())
    expect(await buckets.reserve(both, { isReserved: false })).toMatchObject({
      outcome: 'full',
      bucket: own,
    })
    expect(await redis.hgetall(operatorRates())).toEqual(before)
    // What waits for a workspace does not delay the others of the operator's bucket.
    const others = await buckets.reserve(callOf([shared]), { isReserved: false })
    expect(others).toEqual({ outcome: 'ready', inMs: 0 })
  })

  test('of two buckets starts when both allow it', async ({ buckets, time }) => {
    const own = bucket({ of: 'workspace', pattern: '*', perMinute: 120 })
    const shared = bucket({ perMinute: 60 })
    for (let at = 0; at < 12; at += 1) await buckets.reserve(callOf([own]), { isReserved: false })
    for (let at = 0; at < 6; at += 1) await buckets.reserve(callOf([shared]), { isReserved: false })
    const reply = await buckets.reserve(callOf([own, shared]), { isReserved: false })
    const { interval } = paceOf(60)
    expect(reply).toEqual({ outcome: 'ready', inMs: Math.ceil(interval) })
    // In both, the next call comes one interval after this one.
    time.now += Math.ceil(interval)
    const next = await buckets.reserve(callOf([own]), { isReserved: false })
    expect(next).toMatchObject({ outcome: 'ready' })
    if (next.outcome === 'ready') expect(next.inMs).toBeLessThanOrEqual(paceOf(120).interval)
  })
})

test('the scripts follow the pure rules, whatever calls do', async ({ buckets, redis, time }) => {
  const tokens = bucket({ unit: 'tokens', perMinute: 1_000 })
  const pace = paceOf(tokens.perMinute)
  const step = fc.record({
    kind: fc.constantFrom('reserve' as const, 'settle' as const, 'refund' as const),
    units: fc.integer({ min: 0, max: 1_500 }),
    used: fc.integer({ min: 0, max: 1_500 }),
    pause: fc.integer({ min: 0, max: 20_000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await redis.flushdb()
      let [booked, used] = [0, 0]
      for (const { kind, units, used: tokensUsed, pause } of steps) {
        time.now += pause
        const { now } = time
        const call = callOf([tokens], units)
        const cost = costIn(tokens.perMinute, units)
        if (kind === 'reserve') {
          const at = Math.max(now, earliest(Math.max(booked, used), cost, pace))
          const reply = await buckets.reserve(call, { isReserved: false })
          const outcome =
            at - now > minute ? 'full' : at - now > limits.modelRates.inWorker ? 'later' : 'ready'
          expect(reply.outcome).toBe(outcome)
          if (outcome === 'full') continue
          booked = take(booked, Math.max(now, earliest(booked, cost, pace)), cost, pace)
          if (outcome === 'ready') used = take(used, at, cost, pace)
        } else if (kind === 'settle') {
          const change = costIn(tokens.perMinute, tokensUsed) - cost
          await buckets.settle(call, tokensUsed, {})
          if (change === 0) continue
          booked = settle(booked, change, pace, now)
          used = settle(used, change, pace, now)
        } else {
          await buckets.refund(call, 'ready')
          booked = settle(booked, -cost, pace, now)
          used = settle(used, -cost, pace, now)
        }
      }
      const stored = await redis.hget(operatorRates(), 'tokens openai/*')
      const [storedBooked, storedUsed] = (stored ?? '0 0').split(' ').map(Number)
      expect(Math.abs((storedBooked ?? 0) - booked)).toBeLessThan(1)
      expect(Math.abs((storedUsed ?? 0) - used)).toBeLessThan(1)
    }),
    { numRuns: volume({ short: 50, long: 500 }) },
  )
})

test('no bucket gives more than its limit in any minute, however late reserved calls come', async ({
  buckets,
  redis,
  time,
}) => {
  const own = bucket({ of: 'workspace', pattern: '*', perMinute: 20 })
  const shared = bucket({ perMinute: 30 })
  const tokens = bucket({ unit: 'tokens', perMinute: 3_000 })
  const kinds = [[own], [shared], [own, shared], [shared, tokens], [own, shared, tokens]]
  const anyCall = fc.record({
    at: fc.integer({ min: 0, max: 120_000 }),
    from: fc.constantFrom(...kinds),
    units: fc.integer({ min: 1, max: 400 }),
    /** Whether it comes after an outage, together with others. */
    isLate: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { minLength: 20, maxLength: 60 }), async (calls) => {
      await redis.flushdb()
      const begin = time.now
      const waiting = calls.map(({ at, ...call }) => ({
        ...call,
        at: begin + at,
        isReserved: false,
      }))
      const starts: { at: number; from: RateBucket[]; units: number }[] = []
      while (waiting.length > 0) {
        waiting.sort((a, b) => a.at - b.at)
        const next = waiting.shift()!
        time.now = Math.max(time.now, next.at)
        const { from, units, isReserved, isLate } = next
        const reply = await buckets.reserve(callOf(from, units), { isReserved })
        if (reply.outcome === 'ready') starts.push({ at: time.now + reply.inMs, from, units })
        else if (reply.outcome === 'full') waiting.push({ ...next, at: reply.until + 1 })
        else {
          const { until } = reply
          const at = isLate ? Math.ceil(until / 70_000) * 70_000 : until
          waiting.push({ ...next, at, isReserved: true })
        }
      }
      expect(starts).toHaveLength(calls.length)
      for (const one of [own, shared, tokens]) {
        const taken = starts.filter(({ from }) => from.includes(one))
        for (const { at } of taken) {
          const sum = taken
            .filter((other) => other.at >= at && other.at < at + minute)
            .reduce((total, { units }) => total + (one === tokens ? units : 1), 0)
          expect(sum).toBeLessThanOrEqual(one.perMinute)
        }
      }
    }),
    { numRuns: volume({ short: 30, long: 500 }) },
  )
}, 120_000)
