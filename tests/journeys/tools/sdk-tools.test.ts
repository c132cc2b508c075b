import { Orq } from '@orq-ai/node'
import * as errors from '@orq-ai/node/models/errors/index.js'
import { expect } from 'vitest'
import { everyPage, idsOf } from '../../support/every-page.ts'
import { failureOf } from '../../support/failure-of.ts'
import { newFunction } from '../../support/function-tool.ts'
import { test } from '../../support/orq-test.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { ask, user } from '../../support/orq-requests.ts'

const common = { path: 'Default/tools', description: 'A tool.' }
const schema = {
  type: 'object' as const,
  properties: { city: { type: 'string', enum: ['Paris', 'Rome'] } },
  required: ['city'],
}

const definitions = [
  newFunction(),
  { ...common, type: 'function' as const, key: newKey('bare'), function: { name: 'bare' } },
  {
    ...common,
    type: 'json_schema' as const,
    key: newKey('shape'),
    displayName: 'A shape',
    jsonSchema: { name: 'shape', description: 'Its shape.', schema, strict: true },
  },
  {
    ...common,
    type: 'http' as const,
    key: newKey('fetch'),
    status: 'draft' as const,
    http: {
      blueprint: {
        url: 'https://example.com/{{city}}',
        method: 'POST' as const,
        headers: { accept: 'application/json', 'x-plain': 'yes' },
        body: { city: '{{city}}' },
        timeout: 30,
      },
      arguments: {
        city: { type: 'string' as const, description: 'A city.', sendToModel: true },
        unit: {
          type: 'string' as const,
          description: 'A unit.',
          sendToModel: false,
          defaultValue: 'C',
        },
      },
    },
  },
  {
    ...common,
    type: 'code' as const,
    key: newKey('code'),
    codeTool: { language: 'python' as const, code: 'result = 1', parameters: schema },
  },
]

test.for(definitions)(
  'a $type tool is returned unchanged, by key and by id',
  async (given, { orq }) => {
    const tool = await orq.tools.create(given)
    expect(tool).toMatchObject({
      ...given,
      id: expect.stringMatching(/^tool_[0-9A-HJKMNP-TV-Z]{26}$/),
      status: 'status' in given ? given.status : 'live',
    })
    expect(await orq.tools.retrieve({ toolId: tool.key })).toEqual(tool)
    expect(await orq.tools.retrieve({ toolId: tool.id })).toEqual(tool)
  },
)

test('a list has tools of every kind, newest first, whole or in pages', async ({
  stranger: orq,
}) => {
  const ids: string[] = []
  for (const given of definitions) {
    ids.unshift((await orq.tools.create({ ...given, key: newKey('t') })).id)
  }
  const all = await orq.tools.list()
  expect([all.object, idsOf(all), all.hasMore]).toEqual(['list', ids, false])
  expect(idsOf(await orq.tools.list({ limit: 2, endingBefore: ids[3] ?? '' }))).toEqual(
    ids.slice(1, 3),
  )
  const met = await everyPage((startingAfter) =>
    orq.tools.list({ limit: 2, ...(startingAfter !== undefined && { startingAfter }) }),
  )
  expect(met).toEqual(ids)
})

test('an update changes only the given fields, and an agent has the change at its next turn', async ({
  orq,
  cluster,
}) => {
  const tool = await orq.tools.create(newFunction())
  const settings = { tools: [{ type: 'function' as const, key: tool.key }] }
  const { key: agent } = await orq.agents.create({ ...newAgent(), settings })
  await ask(orq, agent, user('hi'))
  const described = await orq.tools.update({
    toolId: tool.key,
    requestBody: { type: 'function', description: 'Tells more.', displayName: 'More' },
  })
  expect(described).toEqual({
    ...tool,
    updated: described.updated,
    description: 'Tells more.',
    displayName: 'More',
  })
  const changed = await orq.tools.update({
    toolId: tool.id,
    requestBody: { type: 'function', function: { name: 'get_more' } },
  })
  expect(changed).toMatchObject({ description: 'Tells more.', function: { name: 'get_more' } })
  await ask(orq, agent, user('hi'))
  expect(cluster.model.requests.at(-1)?.body['tools']).toMatchObject([
    { function: { name: 'get_more', description: 'Tells more.' } },
  ])
})

test('every change of a tool is a version that can be read', async ({ orq }) => {
  const tool = await orq.tools.create(newFunction())
  const update = (description: string, versionIncrement: 'major' | 'minor') =>
    orq.tools.update({
      toolId: tool.id,
      requestBody: {
        type: 'function',
        description,
        versionIncrement,
        versionDescription: `It is now ${description}.`,
      },
    })
  await update('second', 'minor')
  await update('third', 'major')

  const versions = await orq.tools.listVersions({ toolId: tool.key })
  expect(versions).toMatchObject({ object: 'list', hasMore: false })
  expect(versions.data.map(({ version }) => version)).toEqual(['2.0.0', '1.1.0', '1.0.0'])
  const [newest, middle] = versions.data
  expect(newest).toMatchObject({
    description: 'It is now third.',
    entityType: 'tool',
    entityId: tool.id,
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    data: { description: 'third' },
  })
  const page = await orq.tools.listVersions({ toolId: tool.id, limit: 1 })
  expect(page).toMatchObject({ data: [newest], hasMore: true })
  const rest = await orq.tools.listVersions({ toolId: tool.id, startingAfter: newest?.id ?? '' })
  expect(rest).toMatchObject({ data: versions.data.slice(1), hasMore: false })
  for (const versionId of [middle?.id ?? '', '1.1.0']) {
    expect(await orq.tools.getVersion({ toolId: tool.key, versionId })).toEqual(middle)
  }
})

test('a deleted tool is unknown, and its key is free', async ({ orq }) => {
  const given = newFunction()
  const { id } = await orq.tools.create(given)
  await orq.tools.delete({ toolId: given.key })
  expect((await failureOf(orq.tools.retrieve({ toolId: id }))).statusCode).toBe(404)
  expect((await failureOf(orq.tools.delete({ toolId: given.key }))).statusCode).toBe(404)
  const next = await orq.tools.create(given)
  expect(next.id).not.toBe(id)
  await orq.tools.delete({ toolId: next.id })
  expect((await failureOf(orq.tools.retrieve({ toolId: given.key }))).statusCode).toBe(404)
})

test('an unknown tool is a typed 404 wherever the SDK has a type for it', async ({ orq }) => {
  const toolId = newKey('nothing')
  const { id: known } = await orq.tools.create(newFunction())
  const updated = await failureOf(orq.tools.update({ toolId, requestBody: { type: 'function' } }))
  expect(updated).toBeInstanceOf(errors.UpdateToolResponseBody)
  expect(updated).toMatchObject({ statusCode: 404, error: `Tool ${toolId} not found` })

  const listed = await failureOf(orq.tools.listVersions({ toolId }))
  expect(listed).toBeInstanceOf(errors.GetV2ToolsToolIdVersionsResponseBody)
  const versionId = '7.0.0'
  const version = await failureOf(orq.tools.getVersion({ toolId: known, versionId }))
  expect(version).toBeInstanceOf(errors.GetV2ToolsToolIdVersionsVersionIdResponseBody)
  for (const call of [() => orq.tools.retrieve({ toolId }), () => orq.tools.delete({ toolId })]) {
    const error = await failureOf(call())
    expect(error).toBeInstanceOf(errors.APIError)
    expect(error.message).toMatch(/Status 404 [^]*Body: {"code":"404","message":"Tool nothing-/)
  }
})

test('a taken key is a 409 "already exists", also for a new name', async ({ orq }) => {
  const given = newFunction()
  await orq.tools.create(given)
  const other = await orq.tools.create(newFunction())
  const requestBody = { type: 'function' as const, key: given.key }
  for (const call of [
    () => orq.tools.create(given),
    () => orq.tools.update({ toolId: other.id, requestBody }),
  ]) {
    const error = await failureOf(call())
    expect(error).toBeInstanceOf(errors.APIError)
    expect(error.statusCode).toBe(409)
    expect(error.message).toContain('already exists')
  }
})

test('a tool keeps its type, and its schema must be valid', async ({ orq }) => {
  const given = newFunction()
  const { id: toolId } = await orq.tools.create(given)
  const parameters = { ...schema, properties: { city: { type: 'town' } } }
  for (const call of [
    () => orq.tools.update({ toolId, requestBody: { type: 'code' } }),
    () => orq.tools.create({ ...newFunction(), function: { name: 'x', parameters } }),
    () => orq.tools.create({ ...newFunction(), key: 'a key' }),
  ]) {
    expect((await failureOf(call())).statusCode).toBe(400)
  }
})

test('an agent refers to a function by key or by id, and only to an existing one', async ({
  orq,
}) => {
  const tool = await orq.tools.create(newFunction())
  for (const reference of [{ key: tool.key }, { id: tool.id }]) {
    const settings = { tools: [{ type: 'function' as const, ...reference }] }
    const agent = await orq.agents.create({ ...newAgent(), settings })
    expect(agent.settings?.tools).toMatchObject([{ id: tool.id, key: tool.key }])
  }
})

test('a wrong key is a typed 401 of the list, and a plain one elsewhere', async ({ cluster }) => {
  const orq = new Orq({ serverURL: cluster.url, apiKey: `${cluster.key}x` })
  const listed = await failureOf(orq.tools.list())
  expect(listed).toBeInstanceOf(errors.HonoApiError)
  expect(listed).toMatchObject({ statusCode: 401, code: '401' })
  const created = await failureOf(orq.tools.create(newFunction()))
  expect(created).toBeInstanceOf(errors.APIError)
  expect(created.statusCode).toBe(401)
})
