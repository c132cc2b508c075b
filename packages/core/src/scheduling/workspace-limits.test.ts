import { expect, test } from 'vitest'
import { effectiveLimits, limitsPerShard } from './workspace-limits.ts'

test('a workspace without limits has those of the installation, and the usual ones', () => {
  expect(effectiveLimits({}, {})).toEqual({ queued: 100_000, streams: 1_000 })
  expect(effectiveLimits({ running: 5, queued: 7 }, {})).toEqual({
    queued: 7,
    streams: 1_000,
    running: 5,
  })
})

test('what is set for a workspace comes before the defaults, field by field', () => {
  const defaults = {
    running: 5,
    paused: true,
    models: { 'openai/*': { requestsPerMinute: 10, tokensPerMinute: 1_000 } },
  }
  const overrides = {
    running: undefined,
    paused: false,
    models: { 'openai/*': { requestsPerMinute: 20 }, 'google/*': { tokensPerMinute: 5 } },
  }
  expect(effectiveLimits(defaults, overrides)).toMatchObject({
    running: 5,
    paused: false,
    models: {
      'openai/*': { requestsPerMinute: 20, tokensPerMinute: 1_000 },
      'google/*': { tokensPerMinute: 5 },
    },
  })
})

test('each shard of a workspace that is spread has its part of the limits, and at least one turn', () => {
  const limits = {
    requestsPerSecond: 9,
    burst: 10,
    queued: 100,
    running: 2,
    runningPerFairnessKey: 4,
    weight: 2,
    streams: 10,
    tasks: 8,
    bytes: 9,
    paused: false,
    spread: 4,
    fairnessKeys: { big: { running: 9, weight: 3 }, heavy: { weight: 2 } },
  }
  expect(limitsPerShard({ ...limits, spread: 1 })).toEqual({ ...limits, spread: 1 })
  expect(limitsPerShard(limits)).toEqual({
    ...limits,
    requestsPerSecond: 2.25,
    burst: 3,
    queued: 25,
    running: 1,
    runningPerFairnessKey: 1,
    tasks: 2,
    bytes: 3,
    fairnessKeys: { big: { running: 3, weight: 3 }, heavy: { weight: 2 } },
  })
})
