import * as errors from '@orq-ai/node/models/errors/index.js'
import { expect } from 'vitest'
import { everyPage, idsOf } from '../../support/every-page.ts'
import { failureOf } from '../../support/failure-of.ts'
import { newFunction } from '../../support/function-tool.ts'
import { test } from '../../support/orq-test.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { ask, user } from '../../support/orq-requests.ts'

test('a minimal agent has every default', async ({ orq }) => {
  const given = newAgent()
  const agent = await orq.agents.create(given)
  expect(agent).toMatchObject({
    ...given,
    id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
    displayName: given.key,
    status: 'live',
    version: '1.0.0',
    engine: 'text',
    type: 'internal',
    model: { id: 'openai/scripted', fallbackModels: [] },
    memoryStores: [],
    knowledgeBases: [],
    teamOfAgents: [],
    skills: [],
    settings: {
      maxIterations: 100,
      maxExecutionTime: 600,
      maxCost: 0,
      toolApprovalRequired: 'respect_tool',
      tools: [],
    },
  })
  expect(Date.parse(agent.created ?? '')).toBeGreaterThan(Date.now() - 60_000)
})

test('every field that the SDK can send is returned, by create and by retrieve', async ({
  orq,
}) => {
  const { key: toolKey, id: toolId } = await orq.tools.create(newFunction())
  const parameters = {
    name: 'trace',
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
    frequencyPenalty: 0.1,
    presencePenalty: -0.1,
    seed: 7,
    maxTokens: 100,
    maxCompletionTokens: 200,
    stop: ['END'],
    responseFormat: {
      type: 'json_schema' as const,
      jsonSchema: {
        name: 'answer',
        description: 'An answer.',
        schema: { type: 'object' },
        strict: true,
      },
    },
    reasoningEffort: 'max' as const,
    verbosity: 'low',
    thinking: { type: 'enabled' as const, budgetTokens: 1_000, thinkingLevel: 'low' as const },
    toolChoice: { type: 'function' as const, function: { name: 'get_weather' } },
    parallelToolCalls: false,
    modalities: ['text' as const],
    plugins: [{ id: 'response_healing' as const }],
    fallbacks: [{ model: 'openai/other' }],
    cache: { type: 'exact_match' as const, ttl: 60 },
    loadBalancer: {
      type: 'weight_based' as const,
      models: [{ model: 'openai/other', weight: 0.5 }],
    },
    timeout: { callTimeout: 1_000 },
    cacheControl: { type: 'ephemeral' as const, ttl: '1h' as const },
    promptCacheKey: 'cache',
  }
  const given = {
    ...newAgent(),
    displayName: 'Helping hand',
    systemPrompt: 'You are {{role}}. Speak to {{name}}.',
    memoryStores: ['store'],
    knowledgeBases: [{ knowledgeId: 'base' }],
    teamOfAgents: [{ key: 'other', role: 'Second' }],
    skills: ['skill'],
    variables: { name: 'Ada', deep: { list: [1, 'two', null] } },
    source: 'external' as const,
    engine: 'mustache' as const,
  }
  const model = { id: 'openai/scripted', parameters, retry: { count: 2, onCodes: [429, 503] } }
  const fallback = { id: 'openai/second', parameters: { seed: 1 }, retry: { count: 1 } }
  const limits = {
    maxIterations: 7,
    maxExecutionTime: 30,
    maxCost: 0,
    toolApprovalRequired: 'none' as const,
    chatExposed: true,
    evaluators: [{ id: 'e', executeOn: 'output' as const, sampleRate: 10, options: { a: 1 } }],
  }
  const created = await orq.agents.create({
    ...given,
    model,
    fallbackModels: [fallback, 'openai/third'],
    settings: {
      ...limits,
      tools: [
        { type: 'current_date', requiresApproval: true, configuration: { timezone: 'UTC' } },
        { type: 'function', key: toolKey, requiresApproval: true },
      ],
    },
  })
  expect(created).toMatchObject({
    ...given,
    model: { ...model, fallbackModels: [fallback, { id: 'openai/third' }] },
    settings: {
      ...limits,
      tools: [
        {
          id: 'current_date',
          actionType: 'current_date',
          requiresApproval: true,
          configuration: { timezone: 'UTC' },
        },
        { id: toolId, actionType: 'function', key: toolKey, displayName: 'Weather' },
      ],
    },
  })
  expect(await orq.agents.retrieve(created.key)).toEqual(created)
})

test('a field that must not be ignored silently is refused by its name', async ({ orq }) => {
  const guardrails = [{ id: 'orq_pii_detection', executeOn: 'input' as const }]
  const refused = [
    { field: 'settings.max_cost', given: { settings: { maxCost: 1 } } },
    { field: 'settings.guardrails', given: { settings: { guardrails } } },
    {
      field: 'model.parameters.guardrails',
      given: { model: { id: 'openai/scripted', parameters: { guardrails } } },
    },
    {
      field: 'settings.tools[0]',
      given: { settings: { tools: [{ type: 'google_search' as const }] } },
    },
    {
      field: 'settings.tools[0]',
      given: { settings: { tools: [{ type: 'function' as const, key: 'nobody' }] } },
    },
  ]
  for (const { field, given } of refused) {
    const error = await failureOf(orq.agents.create({ ...newAgent(), ...given }))
    expect(error).toBeInstanceOf(errors.APIError)
    expect(error.statusCode).toBe(400)
    expect(JSON.parse(error.body)).toMatchObject({ errors: [{ path: field }] })
  }
})

test('a taken key is a 409 "already exists", also for a new name', async ({ orq, agent }) => {
  const other = await orq.agents.create(newAgent())
  for (const call of [
    () => orq.agents.create({ ...newAgent(), key: agent }),
    () => orq.agents.update({ key: agent }, other.key),
  ]) {
    const error = await failureOf(call())
    expect(error).toBeInstanceOf(errors.APIError)
    expect(error.statusCode).toBe(409)
    expect(error.message).toContain('already exists')
  }
})

test('a list is newest first, a page is between its cursors, and paging returns each agent once', async ({
  stranger: orq,
}) => {
  const ids: string[] = []
  for (let i = 0; i < 5; i += 1) ids.unshift((await orq.agents.create(newAgent())).id)
  const all = await orq.agents.list()
  expect([all.object, idsOf(all), all.hasMore]).toEqual(['list', ids, false])
  expect((await orq.agents.list(5)).hasMore).toBe(false)
  const first = await orq.agents.list(2)
  expect([idsOf(first), first.hasMore]).toEqual([ids.slice(0, 2), true])
  const before = await orq.agents.list(2, undefined, ids[3])
  expect([idsOf(before), before.hasMore]).toEqual([ids.slice(1, 3), true])
  expect(idsOf(await orq.agents.list(undefined, ids[0], ids[4]))).toEqual(ids.slice(1, 4))
  expect(idsOf(await orq.agents.list(undefined, undefined, undefined, 'internal'))).toEqual(ids)

  const met = await everyPage((after) => orq.agents.list(2, after))
  expect(met).toEqual(ids)
})

test('an agent is found by its key, its id and any of its versions', async ({ orq, agent }) => {
  const first = await orq.agents.retrieve(agent)
  const second = await orq.agents.update({ role: 'Sage' }, agent)
  expect(second.version).toBe('1.0.1')
  expect(await orq.agents.retrieve(agent)).toEqual(second)
  expect(await orq.agents.retrieve(first.id)).toEqual(second)
  expect(await orq.agents.retrieve(`${agent}@1.0.1`)).toEqual(second)
  expect(await orq.agents.retrieve(`${agent}@1.0.0`)).toEqual(first)
  expect(await orq.agents.retrieve(`${first.id}@1.0.0`)).toEqual(first)
  const error = await failureOf(orq.agents.retrieve(`${agent}@9.0.0`))
  expect(error).toBeInstanceOf(errors.RetrieveAgentRequestResponseBody)
  expect(error.statusCode).toBe(404)
})

test('an update changes only the given fields, and null and [] remove values', async ({ orq }) => {
  const created = await orq.agents.create({
    ...newAgent(),
    systemPrompt: 'Hello.',
    skills: ['a'],
    knowledgeBases: [{ knowledgeId: 'base' }],
    settings: { maxIterations: 5, tools: [{ type: 'current_date' }] },
  })
  const { key } = created
  const changed = await orq.agents.update(
    { description: 'New.', settings: { maxExecutionTime: 50 } },
    key,
  )
  expect(changed).toEqual({
    ...created,
    version: '1.0.1',
    updated: changed.updated,
    description: 'New.',
    settings: { ...created.settings, maxExecutionTime: 50 },
  })
  const cleared = await orq.agents.update(
    { systemPrompt: null, skills: null, knowledgeBases: [], settings: { tools: [] } },
    key,
  )
  expect(cleared.systemPrompt).toBeUndefined()
  expect(cleared).toMatchObject({ skills: [], knowledgeBases: [], settings: { tools: [] } })
  expect(cleared.settings?.maxIterations).toBe(5)
  const remodelled = await orq.agents.update(
    { model: 'openai/new', fallbackModels: ['openai/old'] },
    key,
  )
  expect(remodelled.model).toMatchObject({
    id: 'openai/new',
    fallbackModels: [{ id: 'openai/old' }],
  })
})

test('versions rise by the requested increment, and an old one still answers', async ({
  orq,
  agent,
}) => {
  const up = (versionIncrement: 'major' | 'minor' | 'patch') =>
    orq.agents.update({ versionIncrement, versionDescription: 'A step.' }, agent)
  expect((await up('minor')).version).toBe('1.1.0')
  expect((await up('major')).version).toBe('2.0.0')
  expect((await up('patch')).version).toBe('2.0.1')
  await orq.agents.update({ model: 'openai/newer' }, agent)
  expect((await ask(orq, agent, user('hi'))).model).toBe('openai/newer')
  expect((await ask(orq, `${agent}@2.0.1`, user('hi'))).model).toBe('openai/scripted')
})

test('a renamed agent answers under its new key only', async ({ orq, agent }) => {
  const key = newKey('renamed')
  const before = await orq.agents.retrieve(agent)
  expect(await orq.agents.update({ key: agent }, agent)).toEqual(before)
  const renamed = await orq.agents.update({ key, displayName: 'New name' }, agent)
  expect(renamed).toMatchObject({ id: before.id, key, displayName: 'New name' })
  expect((await orq.agents.retrieve(key)).id).toBe(before.id)
  expect((await failureOf(orq.agents.retrieve(agent))).statusCode).toBe(404)
  expect((await orq.agents.create({ ...newAgent(), key: agent })).id).not.toBe(before.id)
})

test('a deleted agent is unknown, a second deletion too, and its key is free', async ({
  orq,
  agent,
}) => {
  const { id } = await orq.agents.retrieve(agent)
  await orq.agents.delete(agent)
  const again = await failureOf(orq.agents.delete(agent))
  expect(again).toBeInstanceOf(errors.DeleteAgentResponseBody)
  expect(again.statusCode).toBe(404)
  expect((await failureOf(orq.agents.retrieve(id))).statusCode).toBe(404)

  const next = await orq.agents.create({ ...newAgent(), key: agent })
  expect(next.id).not.toBe(id)
  expect(next.version).toBe('1.0.0')
  await orq.agents.delete(next.id)
})

test('an unknown agent is a typed 404 of retrieve, update and delete', async ({ orq }) => {
  const key = newKey('nobody')
  const retrieved = await failureOf(orq.agents.retrieve(key))
  const updated = await failureOf(orq.agents.update({ role: 'x' }, key))
  const deleted = await failureOf(orq.agents.delete(key))
  expect(retrieved).toBeInstanceOf(errors.RetrieveAgentRequestResponseBody)
  expect(updated).toBeInstanceOf(errors.UpdateAgentResponseBody)
  expect(deleted).toBeInstanceOf(errors.DeleteAgentResponseBody)
  for (const error of [retrieved, updated, deleted]) {
    expect([error.statusCode, error.message]).toEqual([404, `Agent ${key} not found`])
  }
})

test('a key that is invalid in a path is refused', async ({ orq }) => {
  for (const key of ['run', 'stream-run', 'a2a', 'a@1', '1a', 'a/b', 'a..b', '']) {
    const error = await failureOf(orq.agents.create({ ...newAgent(), key }))
    expect([key, error.statusCode]).toEqual([key, 400])
  }
})
