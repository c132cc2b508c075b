import { expect, test } from 'vitest'
import { withinOutput } from './output-limit.ts'

test.each([
  ['openai/x', undefined, undefined, undefined],
  ['openai/x', undefined, 20, { max_completion_tokens: 20 }],
  ['local/x', undefined, 20, { max_tokens: 20 }],
  ['local/x', { max_tokens: 10, seed: 1 }, 20, { max_tokens: 10, seed: 1 }],
  ['local/x', { max_tokens: 30, seed: 1 }, 20, { max_tokens: 20, seed: 1 }],
  ['openai/x', { max_tokens: 30 }, 20, { max_tokens: 20 }],
  ['local/x', { max_completion_tokens: 30 }, 20, { max_completion_tokens: 20 }],
])('%s with %j, of which %s are left, has %j', (id, parameters, left, expected) => {
  const model = { id, ...(parameters && { parameters }) }
  expect(withinOutput(model, left).parameters).toEqual(expected)
})
