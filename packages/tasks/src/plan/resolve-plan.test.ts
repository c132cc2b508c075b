import { createContentBudget } from '@longhaul/content'
import { LonghaulError, Plan } from '@longhaul/core'
import type { Agent, AgentTool, McpServer, StoredTool } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { unsynced } from '../registry/mcp-catalog.ts'
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

const resolved = (given: Agent, tools: ReadonlyMap<string, StoredTool> = stored) =>
  resolvePlan(given, tools, { budget: createContentBudget('w') })

const refusal = async (given: Agent) => {
  try {
    await resolved(given)
    return undefined
  } catch (error) {
    return error instanceof LonghaulError ? error.fields[0] : error
  }
}

test('a plan holds everything that a turn needs', async () => {
  const plan = await resolved(
    agent({ tools: [uses(), date({ configuration: { timezone: 'UTC' } })] }),
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

const prompt = async (systemPrompt: string, more: Partial<Agent> = {}) =>
  (await resolved(agent({ systemPrompt, ...more }))).system

describe('the system prompt', () => {
  test.each([
    [
      'You are {{role}}. {{ description }} {{instructions}}',
      'You are Helper. Helps. Be {{manner}}.',
    ],
    ['{{{instructions}}} {{& role }}', 'Be {{manner}}. Helper'],
    ['Hi {{name}}', 'Hi {{name}}\n\nBe {{manner}}.'],
  ])('%s', async (template, expected) => {
    expect(await prompt(template)).toBe(expected)
  })

  test('empty instructions are not appended', async () => {
    expect(await prompt('Hi', { instructions: '' })).toBe('Hi')
  })

  test('a text with dollars or tags is inserted unchanged', async () => {
    expect(await prompt('{{instructions}}', { instructions: "$& $' {{role}}" })).toBe(
      "$& $' {{role}}",
    )
  })
})

const templates = async (systemPrompt: string, more: Partial<Agent> = {}) => {
  const given = agent({ engine: 'jinja', systemPrompt, ...more })
  const { system, systemParts } = await resolved(given)
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
  ])('%s has the texts that it names as variables', async (template, parts) => {
    expect(await templates(template)).toEqual([template, parts])
  })

  test('is followed by instructions that it does not name', async () => {
    expect(await templates('Mind the instructions of a {{ role }}.')).toEqual([
      'Mind the instructions of a {{ role }}.\n\n{{ instructions }}',
      { role: 'Helper', instructions: 'Be {{manner}}.' },
    ])
    expect(await templates('Hi', { instructions: ' ' })).toEqual(['Hi', undefined])
  })

  test('is made of the texts of the agent where that has no template', async () => {
    const plan = await resolved(agent({ engine: 'jinja' }))
    expect(plan.system).toBe('Your role: Helper\n\nHelps.\n\nBe {{manner}}.')
    expect(plan).not.toHaveProperty('systemParts')
  })
})

describe('an agent that could not run is refused, and the field is named', () => {
  test.each<[string, Partial<Agent>, string]>([
    ['a tool that is gone', { tools: [date(), uses({ id: 'tool_2' })] }, 'agent.tools[1]'],
    ['the same tool twice', { tools: [uses(), uses()] }, 'agent.tools[1]'],
    ['a broken instruction', { engine: 'mustache', instructions: '{{#a}}' }, 'agent.instructions'],
    ['a broken role', { engine: 'mustache', role: '{{' }, 'agent.role'],
    ['a broken prompt', { engine: 'mustache', systemPrompt: '{{/a}}' }, 'agent.systemPrompt'],
    [
      'a section that begins in one text and ends in another',
      { engine: 'mustache', role: '{{#a}}', instructions: '{{/a}}' },
      'agent.role',
    ],
    ['an unknown filter', { engine: 'jinja', description: '{{ a | shout }}' }, 'agent.description'],
    [
      'a loop without an end',
      { engine: 'jinja', systemPrompt: '{% for a in b %}' },
      'agent.systemPrompt',
    ],
    [
      'a block that begins in one text and ends in another',
      { engine: 'jinja', role: '{% if a %}', instructions: '{% endif %}' },
      'agent.role',
    ],
    ['a prompt that is too long', { instructions: 'x'.repeat(262_144) }, 'agent.instructions'],
  ])('%s', async (_, more, path) => {
    expect(await refusal(agent(more))).toMatchObject({ path })
  })

  test.each<[string, Partial<Agent>]>([['text cannot be broken', { instructions: '{{#a}} {{' }]])(
    'but %s',
    async (_, more) => {
      expect(await refusal(agent(more))).toBeUndefined()
    },
  )
})

describe('an http tool', () => {
  const orders: StoredTool = {
    ...weather,
    id: 'tool_3',
    key: 'orders',
    description: 'Finds an order.',
    definition: {
      type: 'http',
      timeoutSeconds: 20,
      http: {
        url: 'https://a.example/{{id}}',
        method: 'GET',
        headers: { Accept: 'application/json', Authorization: { sealed: 'lh1.secret' } },
        arguments: {
          id: { type: 'number', description: 'Its number.', hidden: false },
          lang: { type: 'string', description: 'Of texts.', hidden: false, default: 'en' },
          tenant: { type: 'string', description: '', hidden: true, default: 't1' },
        },
      },
    },
  }
  const planned = async (definition = orders.definition, use: Partial<AgentTool> = {}) => {
    const tools = new Map([[orders.id, { ...orders, definition }]])
    const plan = await resolved(
      agent({ tools: [uses({ kind: 'http', id: orders.id, ...use })] }),
      tools,
    )
    return plan.tools[0]
  }

  test('shows the model the arguments that it fills, and the plan no secret', async () => {
    expect(await planned()).toEqual({
      kind: 'http',
      id: 'tool_3',
      name: 'orders',
      displayName: 'Weather',
      description: 'Finds an order.',
      parameters: {
        type: 'object',
        properties: {
          id: { type: 'number', description: 'Its number.' },
          lang: { type: 'string', description: 'Of texts.', default: 'en' },
        },
        required: ['id'],
      },
      http: expect.objectContaining({
        headers: { Accept: 'application/json', Authorization: { sealed: '' } },
      }) as object,
      timeoutSeconds: 20,
      onCrash: 'retry',
    })
  })

  test('is repeated after a crash if it is a GET or says so, and not otherwise', async () => {
    if (orders.definition.type !== 'http') throw new Error('not an http tool')
    const post = {
      ...orders.definition,
      http: { ...orders.definition.http, method: 'POST' as const },
    }
    expect(await planned(post)).toMatchObject({ onCrash: 'fail' })
    expect(await planned({ ...post, onCrash: 'retry' })).toMatchObject({ onCrash: 'retry' })
  })

  test('has the timeout of the agent, else that of the tool', async () => {
    expect(await planned(orders.definition, { timeoutSeconds: 5 })).toMatchObject({
      timeoutSeconds: 5,
    })
  })
})

describe('the output format', () => {
  const format: StoredTool = {
    ...weather,
    id: 'tool_4',
    definition: {
      type: 'json_schema',
      jsonSchema: { name: 'verdict', description: '', schema: { type: 'object' } },
    },
  }
  const tools = new Map([
    [format.id, format],
    [weather.id, weather],
  ])
  const jsonModel = { id: 'openai/a', parameters: { response_format: { type: 'json_object' } } }

  test('is set by a json_schema tool, which is no tool of the model', async () => {
    const plan = await resolved(
      agent({ tools: [uses({ kind: 'json_schema', id: 'tool_4' }), uses()], model: jsonModel }),
      tools,
    )
    expect(plan.tools.map(({ name }) => name)).toEqual(['get_weather'])
    expect(plan.output).toEqual({ name: 'verdict', description: '', schema: { type: 'object' } })
  })

  test('is set by the response format of the model otherwise', async () => {
    expect((await resolved(agent({ model: jsonModel }))).output).toEqual({})
    expect(await resolved(agent())).not.toHaveProperty('output')
  })

  test('cannot be set twice, nor by a schema that cannot be used', async () => {
    const both = [
      uses({ kind: 'json_schema', id: 'tool_4' }),
      uses({ kind: 'json_schema', id: 'tool_4' }),
    ]
    await expect(resolved(agent({ tools: both }), tools)).rejects.toThrow('agent.tools[1]')
    const schema = { type: 'nonsense' }
    const parameters = {
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema } },
    }
    await expect(resolved(agent({ model: { id: 'openai/a', parameters } }))).rejects.toThrow(
      'agent.model.output.schema.type',
    )
  })
})

const mcpTool = (name: string) => ({ name, description: '', inputSchema: {} })
const withNew = (server: McpServer, name: string): McpServer => ({
  ...server,
  tools: [mcpTool(name), ...server.tools],
  names: [...(server.names ?? []), { name, since: 2 }],
})
const serverOf = (id: string, names: string[]): McpServer => ({
  ...unsynced,
  id,
  key: id,
  version: '1.0.0',
  createdAt: 1,
  updatedAt: 1,
  displayName: id,
  url: 'https://files.example/mcp',
  transport: 'http',
  headers: {},
  exposure: { mode: 'all' },
  tools: names.map(mcpTool),
  names: names.map((name) => ({ name, since: 1 })),
  echo: {},
})
const entryOf = (id: string) => uses({ kind: 'mcp', id, key: id })
async function namesOf(
  tools: AgentTool[],
  servers: McpServer[],
  leaveOut?: (left: string[]) => void,
) {
  const plan = await resolvePlan(agent({ tools }), stored, {
    servers: new Map(servers.map((each) => [each.id, each])),
    budget: createContentBudget('w'),
    ...(leaveOut && { leaveOut }),
  })
  return plan.tools.map(({ name }) => name)
}

describe('the tools of MCP servers', () => {
  test('have distinct names, however many would be equal', async () => {
    const names = await namesOf([entryOf('s')], [serverOf('s', ['a.b', 'a/b', 'a b', 'a:b'])])
    expect(names.slice(0, 2)).toEqual(['a_b', 's_a_b'])
    expect(new Set(names).size).toBe(4)
  })

  test('leave the names of the agent’s own tools unchanged, also of those that come after them', async () => {
    const server = serverOf('s', ['get_weather', 'current_date'])
    expect(await namesOf([entryOf('s'), uses(), date()], [server])).toEqual([
      's_get_weather',
      's_current_date',
      'get_weather',
      'current_date',
    ])
  })

  test('keep their names when another server gets a tool of the same name', async () => {
    const [first, second] = [serverOf('s', ['look']), serverOf('t', ['find'])]
    const tools = [entryOf('s'), entryOf('t')]
    expect(await namesOf(tools, [first, second])).toEqual(['look', 'find'])
    const names = await namesOf(tools, [withNew(first, 'find'), second])
    expect(names).toEqual(['look', 's_find', 'find'])
  })

  test('are left out where an agent in use has too many tools, the newest first', async () => {
    const many = Array.from({ length: 128 }, (_, at) => `f${at}`)
    const server = withNew(serverOf('s', many), 'new')
    const left: string[][] = []
    const names = await namesOf([entryOf('s'), date()], [server], (tools) => left.push(tools))
    expect(names).toHaveLength(128)
    expect(names).toContain('current_date')
    expect(left).toEqual([['s/f127', 's/new']])
    await expect(namesOf([entryOf('s'), date()], [server])).rejects.toThrow(
      'agent.tools: are 130: an agent may have 128',
    )
  })
})

test('equal plans have one hash, in whatever order their keys stand', async () => {
  const one = await resolved(agent({ variables: { a: 1, b: { c: 2, d: 3 } } }))
  const same = await resolved(agent({ variables: { b: { d: 3, c: 2 }, a: 1 } }))
  const other = await resolved(agent({ variables: { a: 1, b: { c: 2, d: 4 } } }))
  expect(planHash(one)).toMatch(/^[0-9a-f]{64}$/)
  expect(planHash(same)).toBe(planHash(one))
  expect(planHash(other)).not.toBe(planHash(one))
})
