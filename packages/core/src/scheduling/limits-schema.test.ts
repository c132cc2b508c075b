import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  LimitsObject,
  LimitsPatch,
  limitsObjectOf,
  limitsOf,
  mergeLimits,
} from './limits-schema.ts'

const whole = {
  requests_per_second: 50,
  burst: 100,
  queued: 10_000,
  running: 20,
  running_per_fairness_key: 2,
  weight: 1.5,
  streams: 10,
  tasks: 1_000,
  bytes: 1_000_000,
  paused: true,
  spread: 2,
  models: { 'openai/*': { requests_per_minute: 60 }, '*': { tokens_per_minute: 100 } },
  overrides: { 'fairness_key:user-7': { running: 5, weight: 2 } },
}

/** These fields of `whole`. */
function pick(names: string[]) {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)))
}

test('a JSON object becomes limits, and the same object again', () => {
  expect(limitsOf(LimitsObject.parse(whole))).toEqual({
    requestsPerSecond: 50,
    burst: 100,
    queued: 10_000,
    running: 20,
    runningPerFairnessKey: 2,
    weight: 1.5,
    streams: 10,
    tasks: 1_000,
    bytes: 1_000_000,
    paused: true,
    spread: 2,
    models: { 'openai/*': { requestsPerMinute: 60 }, '*': { tokensPerMinute: 100 } },
    fairnessKeys: { 'user-7': { running: 5, weight: 2 } },
  })
  expect(limitsObjectOf(limitsOf(whole))).toEqual(whole)
})

describe('a change', () => {
  test('merges nested objects, and null removes a value', () => {
    const patch = LimitsPatch.parse({
      running: 5,
      queued: null,
      models: { 'openai/*': { tokens_per_minute: 9 }, '*': null },
      overrides: { 'fairness_key:user-7': { running: null }, 'fairness_key:é': { weight: 3 } },
    })
    const { queued: _, ...others } = whole
    expect(mergeLimits(whole, patch)).toEqual({
      ...others,
      running: 5,
      models: { 'openai/*': { requests_per_minute: 60, tokens_per_minute: 9 } },
      overrides: { 'fairness_key:user-7': { weight: 2 }, 'fairness_key:é': { weight: 3 } },
    })
  })

  test('that empties an object removes it', () => {
    const patch = LimitsPatch.parse({
      models: { 'openai/*': { requests_per_minute: null }, '*': null },
      overrides: null,
    })
    const { models: _models, overrides: _overrides, ...others } = whole
    expect(mergeLimits(whole, patch)).toEqual(others)
    expect(mergeLimits({}, { models: { '*': { tokens_per_minute: null } } })).toEqual({})
  })

  test('with the limits themselves sets them, and a second time changes nothing', () => {
    const part = fc.constantFrom(...(Object.keys(whole) as (keyof typeof whole)[]))
    fc.assert(
      fc.property(fc.uniqueArray(part), fc.uniqueArray(part), (before, changed) => {
        const once = mergeLimits(pick(before), pick(changed))
        expect(once).toEqual(pick([...before, ...changed]))
        expect(mergeLimits(once, pick(changed))).toEqual(once)
      }),
    )
  })
})

describe('is refused with a reason:', () => {
  test.for([
    [{ running: 0 }, 'must be a whole number from 1 to 1000000'],
    [{ queued: 1.5 }, 'must be a whole number from 0 to 1000000000'],
    [{ weight: -1 }, 'must be a number from 0.001 to 1000'],
    [{ paused: 'yes' }, 'must be true or false'],
    [{ models: { openai: { requests_per_minute: 1 } } }, 'must name models'],
    [{ models: { 'openai/*/x': {} } }, 'must name models'],
    [{ overrides: { 'user-7': { running: 1 } } }, 'must be fairness_key: and then'],
    [{ overrides: { 'fairness_key:': { running: 1 } } }, 'must be fairness_key: and then'],
    [{ overrides: { [`fairness_key:${'x'.repeat(65)}`]: {} } }, 'must be fairness_key: and then'],
  ] as const)('%j', ([object, reason]) => {
    for (const schema of [LimitsObject, LimitsPatch]) {
      const { success, error } = schema.safeParse(object)
      expect(success).toBe(false)
      expect(JSON.stringify(error?.issues)).toContain(JSON.stringify(reason).slice(1, -1))
    }
  })

  test('more fairness keys than a workspace may have', () => {
    const overrides = Object.fromEntries(
      Array.from({ length: 1_001 }, (_, at) => [`fairness_key:${at}`, { running: 1 }]),
    )
    expect(LimitsPatch.safeParse({ overrides }).error?.issues[0]?.message).toBe(
      'must have at most 1000 entries',
    )
  })
})
