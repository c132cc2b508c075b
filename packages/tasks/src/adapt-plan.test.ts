import type { Plan } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { adaptPlan, type PlanChanges } from './adapt-plan.ts'

const plan: Plan = {
  v: 1,
  agent: { id: 'A', key: 'a', version: '1.0.0' },
  system: 'S',
  engine: 'text',
  variables: {},
  models: [
    { id: 'a/one', parameters: { temperature: 1, response_format: { type: 'json_object' } } },
    { id: 'b/two' },
  ],
  tools: [{ kind: 'current_date', id: 'd', name: 'date', description: '', parameters: {} }],
  output: {},
  maxIterations: 5,
  maxExecutionSeconds: 60,
}
const weather = { name: 'weather', description: 'w', path: 'tools[0]' }

const properties = (tool: number) =>
  Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => [`p${tool}_${i}`, { type: 'string', format: 'email' }]),
  )

describe('a plan that a request changes', () => {
  test('is of the version that older workers leave alone', () => {
    expect(adaptPlan(plan, {})).toEqual({ ...plan, v: 4 })
  })

  test('has its functions beside its own tools', () => {
    const parameters = { properties: { city: {} }, required: ['city'] }
    const { tools } = adaptPlan(plan, { tools: [{ ...weather, parameters }] })
    expect(tools.map(({ name }) => name)).toEqual(['date', 'weather'])
    expect(tools[1]).toEqual({
      kind: 'function',
      id: 'weather',
      name: 'weather',
      description: 'w',
      parameters: { type: 'object', ...parameters },
    })
  })

  test('is refused when its schemas take too long together, naming one of them', () => {
    const tools = Array.from({ length: 127 }, (_, i) => ({
      name: `f${i}`,
      description: '',
      path: `tools[${i}]`,
      parameters: { properties: properties(i) },
    }))
    expect(adaptPlan(plan, { tools: tools.slice(0, 1) }).tools).toHaveLength(2)
    expect(() => adaptPlan(plan, { tools })).toThrow(
      /^tools\[\d+\]\.parameters: takes too long to compile/,
    )
  })

  test('has no tools but those that are allowed', () => {
    const allowed = { names: ['weather'], path: 'tool_choice.tools' }
    const { tools } = adaptPlan(plan, { tools: [weather], allowed })
    expect(tools.map(({ name }) => name)).toEqual(['weather'])
  })

  test('gives its parameters to every model, and keeps the others', () => {
    const changes: PlanChanges = { parameters: { top_p: 0.5 }, fallbacks: ['c/three'] }
    expect(adaptPlan(plan, changes).models).toEqual([
      { id: 'a/one', parameters: { ...plan.models[0]?.parameters, top_p: 0.5 } },
      { id: 'c/three', parameters: { top_p: 0.5 } },
    ])
  })

  test('has its own form of the answer, or none', () => {
    const schema = { type: 'object' }
    const own = adaptPlan(plan, { output: { format: { schema }, path: 'p' } })
    expect(own.output).toEqual({ schema })
    expect(own.models[0]?.parameters).toEqual({ temperature: 1 })
    expect(adaptPlan(plan, { output: { path: 'p' } })).not.toHaveProperty('output')
    expect(adaptPlan(plan, {}).output).toEqual({})
  })

  test('can lower the limits of the agent, and not raise them', () => {
    const lower = { maxIterations: 2, maxExecutionSeconds: 10, maxToolCalls: 1 }
    expect(adaptPlan(plan, lower)).toMatchObject(lower)
    expect(adaptPlan(plan, { maxIterations: 90, maxExecutionSeconds: 900 })).toMatchObject({
      maxIterations: 5,
      maxExecutionSeconds: 60,
    })
  })

  test.each<[string, PlanChanges]>([
    ['tools[0].name', { tools: [{ ...weather, name: 'date' }] }],
    ['tools[0].parameters.type', { tools: [{ ...weather, parameters: { type: 'array' } }] }],
    ['tools[0].parameters.type', { tools: [{ ...weather, parameters: { type: 7 } }] }],
    ['tool_choice', { parameters: { tool_choice: { function: { name: 'none' } } } }],
    ['tool_choice.tools', { allowed: { names: ['none'], path: 'tool_choice.tools' } }],
    ['text.schema.type', { output: { format: { schema: { type: 7 } }, path: 'text.schema' } }],
    ['tools', { tools: Array.from({ length: 128 }, (_, at) => ({ ...weather, name: `f${at}` })) }],
  ])('is refused by the name of %s', (path, changes) => {
    const fields = expect.arrayContaining([expect.objectContaining({ path })]) as object[]
    expect(() => adaptPlan(plan, changes)).toThrow(
      expect.objectContaining({ code: 'invalid', fields }) as Error,
    )
  })
})
