import { LonghaulError, Plan } from '@longhaul/core'
import type { Agent, AgentTool, StoredTool } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { planHash } from './plan-hash.ts'
import { resolvePlan } from './resolve-plan.ts'

const agent = (more: Partial<Agent> = {}): Agent => ({
  id: 'A',
  key: 'helper',
  version: '1.2.0',
  createdAt: 1,
  updatedAt: 1,
  path: 'P',
  role: 'Helper',
  description: 'Helps.',
  instructions: 'Be {{manner}}.',
  engine: 'text',
  variables: { manner: 'brief' },
  model: { id: 'openai/a', parameters: { temperature: 0 } },
  fallbacks: [{ id: 'anthropic/b' }],
  tools: [],
  toolApproval: 'respect_tool',
  maxIterations: 7,
  maxExecutionSeconds: 60,
  echo: { skills: ['s'] },
  ...more,
})

const weather: StoredTool = {
  id: 'tool_1',
  key: 'weather',
  version: '3.0.0',
  createdAt: 1,
  updatedAt: 1,
  path: 'P',
  displayName: 'Weather',
  description: 'Tells the weather.',
  status: 'live',
  definition: { type: 'function', function: { name: 'get_weather' } },
}
const stored = new Map([[weather.id, weather]])

const uses = (more: Partial<AgentTool> = {}): AgentTool => ({
  kind: 'function',
  id: 'tool_1',
  key: 'weather',
  requiresApproval: false,
  ...more,
})
const date = (more: Partial<AgentTool> = {}) =>
  uses({ kind: 'current_date', id: 'current_date', ...more })

const refusal = (given: Agent) => {
  try {
    resolvePlan(given, stored)
    return undefined
  } catch (error) {
    return error instanceof LonghaulError ? error.fields[0] : error
  }
}

test('a plan holds all that a turn needs', () => {
  const plan = resolvePlan(
    agent({ tools: [uses(), date({ configuration: { timezone: 'UTC' } })] }),
    stored,
  )
  expect(Plan.parse(plan)).toEqual(plan)
  expect(plan).toEqual({
    v: 1,
    agent: { id: 'A', key: 'helper', version: '1.2.0' },
    system: 'Your role: Helper\n\nHelps.\n\nBe {{manner}}.',
    engine: 'text',
    variables: { manner: 'brief' },
    models: [{ id: 'openai/a', parameters: { temperature: 0 } }, { id: 'anthropic/b' }],
    tools: [
      {
        kind: 'function',
        id: 'tool_1',
        name: 'get_weather',
        displayName: 'Weather',
        description: 'Tells the weather.',
        parameters: { type: 'object', properties: {} },
      },
      expect.objectContaining({
        kind: 'current_date',
        name: 'current_date',
        configuration: { timezone: 'UTC' },
      }),
    ],
    maxIterations: 7,
    maxExecutionSeconds: 60,
  })
})

const prompt = (systemPrompt: string, more: Partial<Agent> = {}) =>
  resolvePlan(agent({ systemPrompt, ...more }), stored).system

describe('the system prompt', () => {
  test.each([
    [
      'You are {{role}}. {{ description }} {{instructions}}',
      'You are Helper. Helps. Be {{manner}}.',
    ],
    ['{{{instructions}}} {{& role }}', 'Be {{manner}}. Helper'],
    ['Hi {{name}}', 'Hi {{name}}\n\nBe {{manner}}.'],
  ])('%s', (template, expected) => {
    expect(prompt(template)).toBe(expected)
  })

  test('empty instructions are not appended', () => {
    expect(prompt('Hi', { instructions: '' })).toBe('Hi')
  })

  test('a text with dollars or tags of its own is taken as it is', () => {
    expect(prompt('{{instructions}}', { instructions: "$& $' {{role}}" })).toBe("$& $' {{role}}")
  })
})

const templates = (systemPrompt: string, more: Partial<Agent> = {}) => {
  const given = agent({ engine: 'jinja', systemPrompt, ...more })
  const { system, systemParts } = resolvePlan(given, stored)
  return [system, systemParts]
}

describe('the system prompt of a jinja agent', () => {
  test.each([
    ['{{ role | upper }}: {{ instructions }}', { role: 'Helper', instructions: 'Be {{manner}}.' }],
    [
      '{% if instructions %}{{ description }}{% endif %}',
      { description: 'Helps.', instructions: 'Be {{manner}}.' },
    ],
    ['{% for role in instructions %}{{ role }}{% endfor %}', expect.anything()],
  ])('%s has the texts it names as variables', (template, parts) => {
    expect(templates(template)).toEqual([template, parts])
  })

  test('is followed by instructions that it does not name', () => {
    expect(templates('Mind the instructions of a {{ role }}.')).toEqual([
      'Mind the instructions of a {{ role }}.\n\n{{ instructions }}',
      { role: 'Helper', instructions: 'Be {{manner}}.' },
    ])
    expect(templates('Hi', { instructions: ' ' })).toEqual(['Hi', undefined])
  })

  test('without a template of its own is made of its texts', () => {
    const plan = resolvePlan(agent({ engine: 'jinja' }), stored)
    expect(plan.system).toBe('Your role: Helper\n\nHelps.\n\nBe {{manner}}.')
    expect(plan).not.toHaveProperty('systemParts')
  })
})

describe('an agent that could not run is refused, by the field', () => {
  test.each<[string, Partial<Agent>, string]>([
    ['a tool that is gone', { tools: [date(), uses({ id: 'tool_2' })] }, 'settings.tools[1]'],
    ['the same tool twice', { tools: [uses(), uses()] }, 'settings.tools[1]'],
    [
      'approval of a tool that runs here',
      { tools: [date({ requiresApproval: true })] },
      'settings.tools[0].requires_approval',
    ],
    [
      'approval of all tools',
      { tools: [uses(), date()], toolApproval: 'all' },
      'settings.tool_approval_required',
    ],
    ['a broken instruction', { engine: 'mustache', instructions: '{{#a}}' }, 'instructions'],
    ['a broken role', { engine: 'mustache', role: '{{' }, 'role'],
    ['a broken prompt', { engine: 'mustache', systemPrompt: '{{/a}}' }, 'system_prompt'],
    [
      'a section that begins in one text and ends in another',
      { engine: 'mustache', role: '{{#a}}', instructions: '{{/a}}' },
      'role',
    ],
    ['an unknown filter', { engine: 'jinja', description: '{{ a | shout }}' }, 'description'],
    [
      'a loop without an end',
      { engine: 'jinja', systemPrompt: '{% for a in b %}' },
      'system_prompt',
    ],
    [
      'a block that begins in one text and ends in another',
      { engine: 'jinja', role: '{% if a %}', instructions: '{% endif %}' },
      'role',
    ],
    ['a prompt that is too long', { instructions: 'x'.repeat(262_144) }, 'instructions'],
  ])('%s', (_, more, path) => {
    expect(refusal(agent(more))).toMatchObject({ path })
  })

  test('a function that has become another kind of tool', () => {
    const changed = new Map([
      ['tool_1', { ...weather, definition: { type: 'http' as const, block: {} } }],
    ])
    expect(() => resolvePlan(agent({ tools: [uses()] }), changed)).toThrow('settings.tools[0]')
  })

  test.each<[string, Partial<Agent>]>([
    ['a function needs no approval here', { tools: [uses({ requiresApproval: true })] }],
    ['also not when all tools do', { tools: [uses()], toolApproval: 'all' }],
    ['none means none', { tools: [date({ requiresApproval: true })], toolApproval: 'none' }],
    ['text cannot be broken', { instructions: '{{#a}} {{' }],
  ])('but %s', (_, more) => {
    expect(refusal(agent(more))).toBeUndefined()
  })
})

test('plans that are equal have one hash, whatever the order of their keys', () => {
  const one = resolvePlan(agent({ variables: { a: 1, b: { c: 2, d: 3 } } }), stored)
  const same = resolvePlan(agent({ variables: { b: { d: 3, c: 2 }, a: 1 } }), stored)
  const other = resolvePlan(agent({ variables: { a: 1, b: { c: 2, d: 4 } } }), stored)
  expect(planHash(one)).toMatch(/^[0-9a-f]{64}$/)
  expect(planHash(same)).toBe(planHash(one))
  expect(planHash(other)).not.toBe(planHash(one))
})
