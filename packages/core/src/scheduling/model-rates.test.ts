import { describe, expect, test } from 'vitest'
import { bucketsOf, isModelPattern, matchesModel, modelClassOf } from './model-rates.ts'

test.each([
  ['openai/*', 'openai/gpt-4o', true],
  ['openai/*', 'openai/', true],
  ['openai/*', 'azure/openai/gpt', false],
  ['*', 'any/model', true],
  ['*/gpt-4o', 'openai/gpt-4o', true],
  ['*/gpt-4o', 'openai/gpt-4o-mini', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*bc*c', 'abc', false],
  ['aa*aa', 'aaa', false],
  ['openai/gpt-4o', 'openai/gpt-4o', true],
  ['openai/gpt-4o', 'openai/gpt-4o-mini', false],
  ['gpt.4', 'gptx4', false],
])('the pattern %s and the model %s match: %s', (pattern, model, expected) => {
  expect(matchesModel(pattern, model)).toBe(expected)
})

test('a pattern is a model id with any number of *', () => {
  expect(['openai/*', '*', 'a/b:1@x.y-z_1'].every(isModelPattern)).toBe(true)
  expect(['', 'a b', '{x}', 'a'.repeat(129)].some(isModelPattern)).toBe(false)
})

const operator = {
  'openai/*': { requestsPerMinute: 500, tokensPerMinute: 400_000 },
  'openai/gpt-4o': { requestsPerMinute: 60 },
}
const workspace = { '*': { tokensPerMinute: 1_000 } }

describe('a call', () => {
  test('takes from the buckets of every pattern, those of its workspace first', () => {
    const buckets = bucketsOf('openai/gpt-4o', { operator, workspace })
    expect(
      buckets.map(({ of, pattern, unit, perMinute }) => [of, pattern, unit, perMinute]),
    ).toEqual([
      ['workspace', '*', 'tokens', 1_000],
      ['operator', 'openai/*', 'requests', 500],
      ['operator', 'openai/*', 'tokens', 400_000],
      ['operator', 'openai/gpt-4o', 'requests', 60],
    ])
    expect(bucketsOf('google/gemini', { operator, workspace: {} })).toEqual([])
  })

  test('has the class of the models that share its buckets', () => {
    const own = { operator, workspace: {} }
    const mini = modelClassOf('openai/gpt-4o-mini', 'acme', own)
    expect(mini).toBe(modelClassOf('openai/o3', 'other', own))
    expect(mini).not.toBe(modelClassOf('openai/gpt-4o', 'acme', own))
    expect(modelClassOf('google/gemini', 'acme', own)).toBeUndefined()
  })

  test('has a class of its own workspace where the workspace has rates', () => {
    const tables = { operator, workspace }
    const acme = modelClassOf('google/gemini', 'acme', tables)
    expect(acme).toBeDefined()
    expect(acme).not.toBe(modelClassOf('google/gemini', 'other', tables))
  })
})
