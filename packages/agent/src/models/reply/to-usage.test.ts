import { expect, test } from 'vitest'
import { toUsage } from './to-usage.ts'

test.for([1e308, Infinity, -1, Number.NaN])('%d is not a valid number of tokens', (figure) => {
  const tokens = { total: figure } as never
  const usage = { raw: { cached: figure }, inputTokens: tokens, outputTokens: tokens }
  expect(toUsage(usage, { cached: ['cached'], reasoning: [] })).toEqual({
    inputTokens: 0,
    outputTokens: 0,
    totalTokens: 0,
  })
})
