import type { AddressInfo } from 'node:net'
import { Orq } from '@orq-ai/node'
import { createBytesInFlight, createConnections } from '@longhaul/core'
import { createLogger, createMetrics } from '@longhaul/process'
import { createVault } from '@longhaul/outbound'
import {
  createAgentRegistry,
  createMcpServerRegistry,
  createPlanStore,
  createToolRegistry,
} from '@longhaul/redis'
import { createAgents, createTools } from '@longhaul/tasks'
import { test as base } from '@longhaul/testbed'
import { ulid } from 'ulid'
import { describe, expect } from 'vitest'
import { createApp } from './app.ts'
import type { Deps } from './deps.ts'
import { routes } from './routes/index.ts'
import { createSeal } from './seal.ts'
import { closeHttpServer, createHttpServer } from './http/server.ts'

/** The API's registries over real Redis, with keys of two workspaces. */
const test = base
  .extend('verbs', ({ redis }) => {
    const ended: unknown[] = []
    const clock = { time: 1_700_000_000_000 }
    const now = () => clock.time
    const registries = {
      agents: createAgentRegistry(redis),
      tools: createToolRegistry(redis),
      servers: createMcpServerRegistry(redis),
    }
    const plans = createPlanStore(redis)
    const seal = createSeal(createVault(undefined))
    const agents = createAgents({
      ...registries,
      plans,
      turnDeadlineMs: 60_000,
      retentionMs: 86_400_000,
      newId: ulid,
      now,
      seal,
      tasksOfDeleted: {
        mark: (agent) => Promise.resolve(void ended.push(['mark', agent])),
        begin: (agent) => Promise.resolve(void ended.push(['begin', agent])),
      },
    })
    const notifications = { changed: agents.purge }
    const tools = createTools({ tools: registries.tools, newId: ulid, now, seal, notifications })
    return { agents, tools, plans, ended, clock, registries }
  })
  .extend('url', async ({ verbs }, { onCleanup }) => {
    const deps = {
      keys: {
        authenticate: (bearer: string) =>
          Promise.resolve(
            bearer.startsWith('key-of-') ? { workspace: bearer.slice(7) } : undefined,
          ),
      },
      sessions: { of: () => undefined },
      ready: () => Promise.resolve(undefined),
      log: createLogger({ name: 'test', level: 'silent' }),
      metrics: createMetrics(),
      bytesInFlight: createBytesInFlight(),
      connections: createConnections({ total: 10_000 }),
      refused: () => {},
      agents: verbs.agents,
      tools: verbs.tools,
      // The routes of these tests do not use tasks.
    } as unknown as Deps
    const server = createHttpServer(createApp(deps, routes))
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    onCleanup(() => closeHttpServer(server, 0))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  .extend('orq', ({ url }) => new Orq({ serverURL: url, apiKey: 'key-of-acme' }))
  .extend('call', ({ url }) => callerOf(url))

const callerOf =
  (url: string) =>
  async (method: string, path: string, body?: unknown, workspace = 'acme') => {
    const reply = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer key-of-${workspace}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    return { status: reply.status, text, body: text === '' ? undefined : JSON.parse(text) }
  }

const minimal = {
  key: 'helper',
  role: 'Helper',
  description: 'Helps.',
  instructions: 'Be brief.',
  path: 'Default',
  model: 'openai/gpt-4o',
  settings: {},
}
const getWeather = {
  path: 'Default',
  key: 'get_weather',
  displayName: 'Weather',
  description: 'Tells the weather.',
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object' as const,
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  },
}

describe('agents, as the official SDK sees them', () => {
  test('are created, read, changed, listed and deleted', async ({ orq }) => {
    const created = await orq.agents.create(minimal)
    expect(created).toMatchObject({
      key: 'helper',
      displayName: 'helper',
      status: 'live',
      version: '1.0.0',
      model: { id: 'openai/gpt-4o', fallbackModels: [] },
      settings: { maxIterations: 100, maxExecutionTime: 600, toolApprovalRequired: 'respect_tool' },
    })
    const changed = await orq.agents.update(
      { role: 'Sage', versionIncrement: 'minor', settings: { maxIterations: 3 } },
      'helper',
    )
    expect(changed).toMatchObject({ role: 'Sage', version: '1.1.0', description: 'Helps.' })
    expect(changed.settings).toMatchObject({ maxIterations: 3, maxExecutionTime: 600 })
    expect(await orq.agents.retrieve('helper@1.0.0')).toMatchObject({ role: 'Helper' })
    expect(await orq.agents.retrieve(created.id)).toMatchObject({ role: 'Sage' })
    const listed = await orq.agents.list()
    expect(listed.data.map(({ id }) => id)).toEqual([created.id])
    await orq.agents.delete('helper')
    await expect(orq.agents.retrieve('helper')).rejects.toMatchObject({ statusCode: 404 })
    await expect(orq.agents.delete('helper')).rejects.toMatchObject({ statusCode: 404 })
    await orq.agents.create(minimal)
  })

  test('a key in use is a 409 with the reason', async ({ orq }) => {
    await orq.agents.create(minimal)
    await expect(orq.agents.create(minimal)).rejects.toMatchObject({
      statusCode: 409,
      body: expect.stringContaining('already exists'),
    })
  })

  test('every field without effect is returned', async ({ orq }) => {
    const full = {
      ...minimal,
      displayName: 'Helping hand',
      systemPrompt: 'Hi {{name}}',
      model: {
        id: 'openai/gpt-4o',
        parameters: {
          temperature: 0.5,
          stop: ['a'],
          toolChoice: { type: 'function' as const, function: { name: 'x' } },
          responseFormat: { type: 'json_schema' as const, jsonSchema: { name: 'n', schema: {} } },
          plugins: [{ id: 'response_healing' as const }],
          cache: { type: 'exact_match' as const },
        },
        retry: { count: 2, onCodes: [429] },
      },
      fallbackModels: ['anthropic/claude', { id: 'openai/b', parameters: { seed: 1 } }],
      memoryStores: ['m'],
      knowledgeBases: [{ knowledgeId: 'k' }],
      teamOfAgents: [{ key: 'other', role: 'r' }],
      skills: ['s'],
      variables: { name: 'you', deep: { a: [1, null] } },
      source: 'internal' as const,
      engine: 'mustache' as const,
      settings: {
        maxIterations: 1000,
        maxExecutionTime: 86_400,
        chatExposed: true,
        tools: [{ type: 'current_date' as const, configuration: { timezone: 'UTC' } }],
        evaluators: [{ id: 'e', executeOn: 'output' as const }],
      },
    }
    const created = await orq.agents.create(full)
    expect(created).toMatchObject({
      displayName: 'Helping hand',
      systemPrompt: 'Hi {{name}}',
      memoryStores: ['m'],
      knowledgeBases: [{ knowledgeId: 'k' }],
      teamOfAgents: [{ key: 'other', role: 'r' }],
      skills: ['s'],
      variables: full.variables,
      source: 'internal',
      engine: 'mustache',
    })
    expect(created.model).toMatchObject({
      ...full.model,
      fallbackModels: [{ id: 'anthropic/claude' }, { id: 'openai/b', parameters: { seed: 1 } }],
    })
    expect(created.settings?.tools).toEqual([
      {
        id: 'current_date',
        actionType: 'current_date',
        displayName: 'Current date',
        description: expect.any(String),
        requiresApproval: false,
        configuration: { timezone: 'UTC' },
      },
    ])
    expect(created.settings).toMatchObject({
      chatExposed: true,
      evaluators: [{ id: 'e', executeOn: 'output', sampleRate: 50 }],
    })
    const cleared = await orq.agents.update(
      { systemPrompt: null, skills: null, settings: { tools: [] }, key: 'renamed' },
      'helper',
    )
    expect(cleared.systemPrompt ?? undefined).toBeUndefined()
    expect(cleared).toMatchObject({ skills: [], key: 'renamed', memoryStores: ['m'] })
    expect(cleared.settings).toMatchObject({ tools: [], chatExposed: true })
  })

  test('are listed in pages', async ({ orq, call }) => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++)
      ids.unshift((await orq.agents.create({ ...minimal, key: `a${n}` })).id)
    const order = (await orq.agents.list()).data.map(({ id }) => id)
    expect(order.toSorted().toReversed()).toEqual(order)
    const first = await call('GET', '/v2/agents/?limit=2.0')
    expect(first.body.data.map(({ _id }: { _id: string }) => _id)).toEqual(order.slice(0, 2))
    expect(first.body).toMatchObject({ object: 'list', has_more: true })
    const next = await orq.agents.list(9, order[1])
    expect(next.data.map(({ id }) => id)).toEqual(order.slice(2))
    expect((await call('GET', '/v2/agents?type=a2a')).body.data).toEqual([])
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'limit=1.5', 'starting_after=x']) {
      expect((await call('GET', `/v2/agents?${query}`)).status).toBe(400)
    }
  })
})

describe('refusals', () => {
  test('name every field that is wrong', async ({ call }) => {
    const { status, body } = await call('POST', '/v2/agents', {
      ...minimal,
      key: 'bad key',
      role: '',
      model: { id: 7 },
      settings: {
        max_iterations: 1001,
        tools: [{ type: 'current_date', requires_approval: 'no' }],
      },
    })
    expect(status).toBe(400)
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'key',
      'role',
      'model.id',
      'settings.max_iterations',
      'settings.tools[0].requires_approval',
    ])
    expect(body).toMatchObject({ code: '400', error: { param: 'key' } })
  })

  test.for([
    [{ key: 'run' }, 'key'],
    [{ key: 'stream-run' }, 'key'],
    [{ key: 'a2a' }, 'key'],
    [{ model: 'gpt-4o' }, 'model'],
    [{ engine: 'erb' }, 'engine'],
    [{ engine: 'jinja', role: '{{ x | shout }}' }, 'role'],
    [{ settings: { tools: [{ type: 'http', key: 'x' }] } }, 'settings.tools[0]'],
    [{ settings: { tools: [{ type: 'function', key: 'nobody' }] } }, 'settings.tools[0]'],
    [{ settings: { tools: [{ type: 'function' }] } }, 'settings.tools[0]'],
    [
      { settings: { tools: [{ type: 'function', key: '9', function: { name: 'f' } }] } },
      'settings.tools[0].key',
    ],
    [{ settings: { max_cost: 1 } }, 'settings.max_cost'],
    [
      { model: { id: 'openai/m', parameters: { modalities: ['audio'] } } },
      'model.parameters.modalities',
    ],
    [{ engine: 'mustache', instructions: '{{#a}}' }, 'instructions'],
    [{ description: null }, 'description'],
  ] as const)('%j is refused by the field', async ([more, path], { call }) => {
    const { status, body } = await call('POST', '/v2/agents', { ...minimal, ...more })
    expect([status, body.errors?.[0]?.path]).toEqual([400, path])
  })

  test('an agent that is too large is a 413', async ({ call }) => {
    const { status } = await call('POST', '/v2/agents', {
      ...minimal,
      variables: { a: 'x'.repeat(1_100_000) },
    })
    expect(status).toBe(413)
  })

  test('a foreign agent or tool looks exactly like an unknown one', async ({ orq, call }) => {
    await orq.agents.create(minimal)
    await orq.tools.create(getWeather)
    for (const [method, path] of [
      ['GET', '/v2/agents/helper'],
      ['PATCH', '/v2/agents/helper'],
      ['DELETE', '/v2/agents/helper'],
      ['GET', '/v2/tools/get_weather'],
      ['DELETE', '/v2/tools/get_weather'],
      ['GET', '/v2/tools/get_weather/versions'],
      ['GET', '/v2/tools/get_weather/versions/1.0.0'],
    ] as const) {
      const body = method === 'PATCH' ? {} : undefined
      const foreign = await call(method, path, body, 'other')
      const unknown = await call(method, path, body, 'nobody')
      expect(foreign.status).toBe(404)
      expect({ ...foreign.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' })
    }
    expect((await call('GET', '/v2/agents/helper')).status).toBe(200)
  })
})

describe('tools, as the official SDK sees them', () => {
  test('are created, read, changed, listed and deleted', async ({ orq }) => {
    const created = await orq.tools.create(getWeather)
    expect(created).toMatchObject({ ...getWeather, id: expect.stringMatching(/^tool_/) })
    const id = 'id' in created ? created.id : ''
    await expect(orq.tools.create(getWeather)).rejects.toMatchObject({ statusCode: 409 })
    const changed = await orq.tools.update({
      toolId: 'get_weather',
      requestBody: {
        type: 'function',
        description: 'Better.',
        versionDescription: 'why',
      },
    })
    expect(changed).toMatchObject({ description: 'Better.', function: { name: 'get_weather' } })
    expect(await orq.tools.retrieve({ toolId: id })).toMatchObject({ description: 'Better.' })
    const versions = await orq.tools.listVersions({ toolId: 'get_weather' })
    expect(versions.data.map(({ version }) => version)).toEqual(['1.0.1', '1.0.0'])
    expect(versions.data[0]).toMatchObject({ entityId: id, description: 'why' })
    for (const versionId of ['1.0.0', versions.data[1]?.id ?? '']) {
      const old = await orq.tools.getVersion({ toolId: id, versionId })
      expect(old.data).toMatchObject({ description: 'Tells the weather.' })
    }
    expect((await orq.tools.list()).data).toHaveLength(1)
    await orq.tools.delete({ toolId: 'get_weather' })
    await expect(orq.tools.delete({ toolId: 'get_weather' })).rejects.toMatchObject({
      statusCode: 404,
    })
    await expect(
      orq.tools.update({ toolId: 'get_weather', requestBody: { type: 'function' } }),
    ).rejects.toMatchObject({
      statusCode: 404,
    })
  })

  test('of the types that cannot run yet are stored', async ({ orq }) => {
    const common = { path: 'P', description: 'd' }
    const schema = { type: 'object' as const, properties: { a: {} }, required: ['a'] }
    await orq.tools.create({
      ...common,
      key: 'crm',
      type: 'http',
      http: {
        blueprint: { url: 'https://example.com/{{id}}', method: 'GET', headers: { A: 'b' } },
        arguments: { id: { type: 'string', description: 'd', defaultValue: 'x' } },
      },
    })
    await orq.tools.create({
      ...common,
      key: 'calc',
      type: 'code',
      codeTool: { language: 'python', code: 'result = 1', parameters: schema },
    })
    await orq.tools.create({
      ...common,
      key: 'shape',
      type: 'json_schema',
      jsonSchema: { name: 'shape', description: 'd', schema, strict: true },
    })
    const { data } = await orq.tools.list()
    expect(data.map(({ type }) => type).toSorted()).toEqual(['code', 'http', 'json_schema'])
  })

  test.for([
    [{ function: { name: 'a b' } }, 'function.name'],
    [{ function: { name: 'a', parameters: { type: 'string' } } }, 'function.parameters.type'],
    [
      {
        function: {
          name: 'a',
          parameters: { type: 'object', properties: { b: { type: 'nothing' } } },
        },
      },
      'function.parameters',
    ],
    [{ key: 'tool_01KAGPGY6M8QP8S2Z44S1K4CA3' }, 'key'],
    [{ type: 'mcp' }, 'type'],
    [
      {
        type: 'http',
        http: {
          blueprint: {
            url: 'https://example.com',
            method: 'GET',
            headers: { Plain: 'x', Authorization: { value: 's', encrypted: true } },
          },
        },
      },
      'http.blueprint.headers.Authorization',
    ],
  ] as const)('%j is refused by the field', async ([more, path], { call }) => {
    const { displayName: _, ...wire } = getWeather
    const { status, body } = await call('POST', '/v2/tools', { ...wire, ...more })
    expect([status, body.errors?.[0]?.path]).toEqual([400, expect.stringContaining(path)])
  })
})

describe('an agent and its tools', () => {
  const withTool = { ...minimal, settings: { tools: [{ type: 'function', key: 'get_weather' }] } }

  test('a tool is referenced by key or id, and its version is fixed for each turn', async ({
    orq,
    call,
    verbs,
  }) => {
    const tool = await orq.tools.create(getWeather)
    const id = 'id' in tool ? tool.id : ''
    const { body } = await call('POST', '/v2/agents', withTool)
    const { _id: agentId } = body
    expect(body.settings.tools).toEqual([
      {
        id,
        action_type: 'function',
        key: 'get_weather',
        display_name: 'Weather',
        description: 'Tells the weather.',
        requires_approval: false,
      },
    ])
    const first = await verbs.agents.resolve('acme', 'helper')
    expect(first).toMatchObject({ agentId, plan: { tools: [{ id, kind: 'function' }] } })
    expect(await verbs.plans.get('acme', first?.planHash ?? '')).toEqual(first?.plan)

    await orq.tools.update({
      toolId: id,
      requestBody: { type: 'function', description: 'Better.' },
    })
    const second = await verbs.agents.resolve('acme', `${agentId}@1.0.0`)
    expect(second?.plan.tools[0]?.description).toBe('Better.')
    expect(second?.planHash).not.toBe(first?.planHash)

    await orq.tools.delete({ toolId: id })
    await expect(verbs.agents.resolve('acme', 'helper')).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('get_weather'),
    })
  })

  test('a function defined within an agent becomes a stored tool', async ({ orq, call }) => {
    const inline = {
      type: 'function',
      key: 'look_up',
      display_name: 'Look up',
      description: 'Looks up.',
      function: { name: 'look_up', parameters: { type: 'object', properties: {} } },
    }
    const settings = { tools: [inline, { type: 'current_date' }] }
    await call('POST', '/v2/agents', { ...minimal, settings })
    expect(await orq.tools.retrieve({ toolId: 'look_up' })).toMatchObject({
      description: 'Looks up.',
    })
    await call('POST', '/v2/agents', { ...minimal, key: 'second', settings })
    const changed = { ...inline, description: 'Looks further.' }
    await call('PATCH', '/v2/agents/helper', { settings: { tools: [changed] } })
    const versions = await orq.tools.listVersions({ toolId: 'look_up' })
    expect(versions.data.map(({ version }) => version)).toEqual(['1.0.1', '1.0.0'])

    const refused = await call('POST', '/v2/agents', {
      ...minimal,
      settings: { tools: [{ ...inline, key: 'never' }] },
    })
    expect(refused.status).toBe(409)
    await expect(orq.tools.retrieve({ toolId: 'never' })).rejects.toMatchObject({ statusCode: 404 })
  })
})

describe('the verbs', () => {
  const input = {
    key: 'helper',
    path: 'P',
    role: 'r',
    description: 'd',
    instructions: 'i',
    engine: 'text' as const,
    variables: {},
    model: { id: 'openai/m' },
    fallbacks: [],
    tools: [],
    toolApproval: 'respect_tool' as const,
    maxIterations: 1,
    maxExecutionSeconds: 1,
    echo: {},
  }

  test('concurrent changes all count, each as a version', async ({
    verbs: { agents, registries },
  }) => {
    const { id } = await agents.create('acme', input)
    await Promise.all([
      agents.update('acme', 'helper', { role: 'x' }),
      agents.update('acme', id, { description: 'y' }),
      agents.update('acme', 'helper', { instructions: 'z' }),
    ])
    expect(await agents.get('acme', 'helper')).toMatchObject({
      role: 'x',
      description: 'y',
      instructions: 'z',
      version: '1.0.3',
    })
    expect((await registries.agents.versions('acme', id, {}))?.items).toHaveLength(4)
  })

  test('a change that changes nothing makes no version', async ({ verbs: { agents } }) => {
    await agents.create('acme', input)
    expect((await agents.update('acme', 'helper', { role: 'r' })).version).toBe('1.0.0')
    const named = await agents.update('acme', 'helper', { versionIncrement: 'major' })
    expect(named.version).toBe('2.0.0')
  })

  test('removing ends the tasks, frees the key, and takes effect at once', async ({ verbs }) => {
    const { agents, ended } = verbs
    const { id } = await agents.create('acme', input)
    expect(await agents.identify('acme', 'helper@1.0.0')).toBe(id)
    await agents.resolve('acme', 'helper')
    await agents.remove('acme', 'helper')
    const deleted = { agentId: id, tasks: 'cancel' }
    expect(ended).toEqual([
      ['mark', deleted],
      ['begin', deleted],
    ])
    expect(await agents.identify('acme', id)).toBeUndefined()
    expect(await agents.resolve('acme', 'helper')).toBeUndefined()
    const again = await agents.create('acme', input)
    expect((await agents.resolve('acme', 'helper'))?.agentId).toBe(again.id)
  })

  test('a cached id is dropped when its agent gets another key or is removed', async ({
    verbs,
  }) => {
    const { agents } = verbs
    const { id } = await agents.create('acme', input)
    expect(await agents.identifyRecent('acme', 'helper@1.0.0')).toBe(id)
    await agents.update('acme', 'helper', { key: 'other' })
    expect(await agents.identifyRecent('acme', 'helper')).toBeUndefined()
    expect(await agents.identifyRecent('acme', 'other')).toBe(id)
    await agents.remove('acme', 'other')
    expect(await agents.identifyRecent('acme', 'other')).toBeUndefined()
    const again = await agents.create('acme', input)
    expect(await agents.identifyRecent('acme', 'helper')).toBe(again.id)
    agents.clear()
    expect(await agents.identifyRecent('acme', 'helper')).toBe(again.id)
  })

  test('a plan is cached for a second, and then stored again', async ({ verbs, redis }) => {
    const { agents, clock, plans } = verbs
    await agents.create('acme', input)
    const [first, same] = await Promise.all([
      agents.resolve('acme', 'helper'),
      agents.resolve('acme', 'helper'),
    ])
    expect(same).toBe(first)
    await redis.flushdb()
    expect(await agents.resolve('acme', 'helper')).toBe(first)
    clock.time += 1_000
    expect(await agents.resolve('acme', 'helper')).toBeUndefined()
    await agents.create('acme', input)
    const fresh = await agents.resolve('acme', 'helper')
    expect(await plans.get('acme', fresh?.planHash ?? '')).toEqual(fresh?.plan)
  })
})
