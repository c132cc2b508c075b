import { expect, test } from 'vitest'
import { effectiveLimits } from './workspace-limits.ts'

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
