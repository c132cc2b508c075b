import { limits, type Plan } from '@longhaul/core'
import { expect, test } from 'vitest'
import { planHash } from './plan-hash.ts'

const plan: Plan = {
  v: 1,
  agent: { id: 'a', key: 'k', version: '1.0.0' },
  system: 's',
  engine: 'text',
  variables: {},
  models: [{ id: 'openai/m' }],
  tools: [],
  maxIterations: 1,
  maxExecutionSeconds: 2,
}

test('tools that are small enough alone can be too large together', () => {
  const tools = Array.from({ length: 100 }, (_, at): Plan['tools'][number] => ({
    kind: 'function',
    id: `${at}`,
    name: `f${at}`,
    description: 'x'.repeat(limits.plan / 100),
    parameters: {},
  }))
  expect(planHash({ ...plan, tools: tools.slice(0, 90) })).toMatch(/^[0-9a-f]{64}$/)
  expect(() => planHash({ ...plan, tools })).toThrow(/and a turn may have 4194304/)
})
