import { expect, test } from 'vitest'
import { callTime } from './call-time.ts'

test.each([
  { maxExecutionSeconds: 600, modelMs: 0, within: 1_200_000 },
  { maxExecutionSeconds: 600, modelMs: 599_000, within: 601_000 },
  { maxExecutionSeconds: 1, modelMs: 0, within: 11_000 },
  { maxExecutionSeconds: 1, modelMs: 999, within: 10_001 },
])(
  'a call after $modelMs of $maxExecutionSeconds s may take what is left and as long again, at least 10 s',
  ({ within, maxExecutionSeconds, modelMs }) => {
    expect(callTime({ modelMs }, { maxExecutionSeconds })).toBe(within)
  },
)
