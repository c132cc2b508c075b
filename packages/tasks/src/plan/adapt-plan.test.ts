import { contentCounts, createContentBudget } from '@longhaul/content'
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
const weather = { name: 'weather', description: 'w' }

const adapted = (changes: PlanChanges) => adaptPlan(plan, changes, createContentBudget('w'))

const properties = (tool: number) =>
  Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => [`p${tool}_${i}`, { type: 'string', format: 'email' }]),
  )

describe('a plan that a request changes', () => {
  test('has the version that older workers do not run', async () => {
    expect(await adapted({})).toEqual({ ...plan, v: 4 })
  })

  test('has the functions of the request and the tools of the agent', async () => {
    const parameters = { properties: { city: {} }, required: ['city'] }
    const { tools } = await adapted({ tools: [{ ...weather, parameters }] })
    expect(tools.map(({ name }) => name)).toEqual(['date', 'weather'])
    expect(tools[1]).toEqual({
      kind: 'function',
      id: 'weather',
      name: 'weather',
      description: 'w',
      parameters: { type: 'object', ...parameters },
    })
  })

  test('has what a function of the request says of its arguments', async () => {
    const marks = { strict: true, unchecked: true } as const
    const { tools } = await adapted({ tools: [{ ...weather, ...marks, path: 'tools[0]' }] })
    expect(tools[1]).toMatchObject({ kind: 'function', name: 'weather', ...marks })
    expect(tools[1]).not.toHaveProperty('path')
  })

  test('is refused on a thread when its schemas together take too long, and one of them is named', async () => {
    const tools = Array.from({ length: 127 }, (_, i) => ({
      name: `f${i}`,
      description: '',
      parameters: { properties: properties(i) },
    }))
    expect((await adapted({ tools: tools.slice(0, 1) })).tools).toHaveLength(2)
    const { apart } = contentCounts
    await expect(adapted({ tools })).rejects.toThrow(
      /^changes\.tools\[\d+\]\.parameters: takes too long to compile/,
    )
    expect(contentCounts.apart).toBe(apart + 1)
  })

  test('keeps the name of its function where a tool of an MCP server has the same name', async () => {
    const server = { id: 'mcp_1', url: '', transport: 'http' as const, headers: {} }
    const common = { description: '', parameters: {}, timeoutSeconds: 1, onCrash: 'fail' as const }
    const name = weather.name
    const tool = { kind: 'mcp' as const, id: `mcp_1/${name}`, name, tool: name, server, ...common }
    const changes = { tools: [weather] }
    const { tools } = await adaptPlan({ ...plan, tools: [tool] }, changes, createContentBudget('w'))
    expect(tools).toEqual([
      { ...tool, name: expect.stringMatching(/^weather_[0-9a-f]{12}$/) },
      expect.objectContaining({ kind: 'function', name: 'weather' }),
    ])
  })

  test('has only the tools that are allowed', async () => {
    const allowed = ['weather']
    const { tools } = await adapted({ tools: [weather], allowed })
    expect(tools.map(({ name }) => name)).toEqual(['weather'])
  })

  test('sets its parameters at every model, and keeps the others', async () => {
    const changes: PlanChanges = { parameters: { top_p: 0.5 }, fallbacks: ['c/three'] }
    expect((await adapted(changes)).models).toEqual([
      { id: 'a/one', parameters: { ...plan.models[0]?.parameters, top_p: 0.5 } },
      { id: 'c/three', parameters: { top_p: 0.5 } },
    ])
  })

  test('has the output format of the request, or none', async () => {
    const schema = { type: 'object' }
    const own = await adapted({ output: { format: { schema } } })
    expect(own.output).toEqual({ schema })
    expect(own.models[0]?.parameters).toEqual({ temperature: 1 })
    expect(await adapted({ output: {} })).not.toHaveProperty('output')
    expect((await adapted({})).output).toEqual({})
  })

  test('can lower the limits of the agent, but not raise them', async () => {
    const lower = { maxIterations: 2, maxExecutionSeconds: 10, maxToolCalls: 1 }
    expect(await adapted(lower)).toMatchObject(lower)
    expect(await adapted({ maxIterations: 90, maxExecutionSeconds: 900 })).toMatchObject({
      maxIterations: 5,
      maxExecutionSeconds: 60,
    })
  })

  test.each<[string, PlanChanges]>([
    ['changes.tools[0].name', { tools: [{ ...weather, name: 'date' }] }],
    [
      'changes.tools[0].parameters.type',
      { tools: [{ ...weather, parameters: { type: 'array' } }] },
    ],
    ['changes.tools[0].parameters.type', { tools: [{ ...weather, parameters: { type: 7 } }] }],
    ['changes.toolChoice', { parameters: { tool_choice: { function: { name: 'none' } } } }],
    ['changes.allowed', { allowed: ['none'] }],
    [
      'changes.toolChoice',
      { parameters: { tool_choice: 'required' }, allowed: [], toolsLeftOut: true },
    ],
    ['tools[3].name', { tools: [{ ...weather, name: 'date', path: 'tools[3]' }] }],
    [
      'tools[3].parameters.type',
      { tools: [{ ...weather, parameters: { type: 7 }, path: 'tools[3]' }] },
    ],
    ['changes.output.schema.type', { output: { format: { schema: { type: 7 } } } }],
    [
      'changes.tools',
      { tools: Array.from({ length: 128 }, (_, at) => ({ ...weather, name: `f${at}` })) },
    ],
  ])('is refused with an error that names %s', async (path, changes) => {
    const fields = expect.arrayContaining([expect.objectContaining({ path })]) as object[]
    await expect(adapted(changes)).rejects.toMatchObject({ code: 'invalid', fields })
  })
})
