import { expect, test } from 'vitest'
import { isModelId } from './model-id.ts'

test.each([
  'openai/gpt-4o',
  'openrouter/meta-llama/Llama-3.1-8B:free',
  'openai/ft:gpt-4o:org::id',
  'google/publishers/google/models/gemini-2.5-flash@001',
  `openai/${'x'.repeat(249)}`,
])('%s is a model id', (id) => {
  expect(isModelId(id)).toBe(true)
})

test.each([
  '',
  'gpt-4o',
  '/gpt-4o',
  'openai/',
  'openai//gpt',
  'google/x/../../../internal/reload',
  'google/x/./y',
  'google/a..b',
  'google/models/x?alt=json',
  'google/models/x#',
  'google/%2e%2e/x',
  'google/a b',
  'google/a\\b',
  'google/a\n',
  `openai/${'x'.repeat(250)}`,
])('%j is no model id', (id) => {
  expect(isModelId(id)).toBe(false)
})
