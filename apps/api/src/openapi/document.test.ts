import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { operatorRoutes, routes as workspaceRoutes } from '../routes/index.ts'
import { serve } from '../http/test-server.fixture.ts'

const routes = [...workspaceRoutes, ...operatorRoutes]

type Schema = {
  discriminator?: { mapping: object }
  description?: string
  properties?: Record<string, Schema>
  [keyword: string]: unknown
}
type Operation = {
  operationId: string
  security?: object[]
  parameters?: { name: string; in: string; description?: string }[]
  responses: Record<string, { headers: object; content?: object }>
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

async function served(): Promise<Document> {
  const { url } = await serve(routes)
  const response = await fetch(`${url}/openapi.json`)
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  return (await response.json()) as Document
}

async function operations() {
  const { paths } = await served()
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )
}

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate({ ...(await served()) })
  expect(result).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('the document has every route, the public paths, and nothing else', async () => {
  const described = (await operations()).map(({ method, path }) => `${method} ${path}`)
  const expected = routes.map(
    ({ method, path }) =>
      `${method} ${path.replaceAll(/(?<!\\):(\w+)/g, '{$1}').replaceAll('\\:', ':')}`,
  )
  expected.push('get /healthz', 'get /readyz', 'get /metrics')
  expect(described.toSorted()).toEqual(expected.toSorted())
})

test('every operation has a unique id, and every operation that needs a key documents 401', async () => {
  const all = await operations()
  expect(new Set(all.map(({ operation }) => operation.operationId)).size).toBe(all.length)
  for (const { path, operation } of all) {
    const open = operation.security?.length === 0
    expect([path, open]).toEqual([path, !/^\/v\d\//.test(path)])
    expect([path, '401' in operation.responses]).toEqual([path, !open])
  }
})

test('every parameter has a description, and every reply has a request id', async () => {
  for (const { path, method, operation } of await operations()) {
    for (const { name, description } of operation.parameters ?? []) {
      expect([path, name, description]).toEqual([path, name, expect.any(String)])
    }
    for (const [status, { headers }] of Object.entries(operation.responses)) {
      const waits = status === '429' || status === '503'
      const isSubmit = method === 'post' && path.endsWith('/responses')
      const isOpenAi = isSubmit && !path.startsWith('/v2/')
      const rates = ['limit', 'remaining', 'reset'].flatMap((what) =>
        ['requests', 'tokens'].map((unit) => `x-ratelimit-${what}-${unit}`),
      )
      expect(Object.keys(headers)).toEqual([
        'x-request-id',
        ...(isSubmit ? ['ratelimit-policy', 'ratelimit'] : []),
        ...(isOpenAi ? rates : []),
        ...(waits ? ['retry-after'] : []),
      ])
    }
  }
})

test('the description of a field without effect says so', async () => {
  const { schemas } = (await served()).components
  const descriptionOf = (schema: string, field: string) =>
    schemas[schema]?.properties?.[field]?.description
  for (const field of ['memory_stores', 'knowledge_bases', 'skills', 'source']) {
    expect([field, descriptionOf('CreateAgent', field)]).toEqual([
      field,
      expect.stringContaining('no effect'),
    ])
  }
  for (const field of ['thread', 'memory', 'metadata', 'conversation']) {
    expect([field, descriptionOf('CreateResponse', field)]).toEqual([
      field,
      expect.stringContaining('changes nothing'),
    ])
  }
})

test('every body has an example that its schema accepts', () => {
  for (const { path, body } of routes) {
    if (body === undefined) continue
    const [example] = body.meta()?.examples ?? []
    expect([path, body.safeParse(example).error]).toEqual([path, undefined])
  }
})

test('the type distinguishes the ten events of a stream', async () => {
  const { schemas } = (await served()).components
  const { discriminator } = schemas['StreamEvent'] ?? {}
  expect(Object.keys(discriminator?.mapping ?? {})).toEqual([
    'response.started',
    'part.delta',
    'part.done',
    'tool.started',
    'tool.done',
    'tool.failed',
    'tool.review.requested',
    'tool.review.done',
    'response.done',
    'response.failed',
  ])
})

test('a client that has the current document receives 304 without a body', async () => {
  const { url } = await serve(routes)
  const first = await fetch(`${url}/openapi.json`)
  const etag = first.headers.get('etag') ?? ''
  const text = await first.text()
  expect(etag).toMatch(/^"[\w-]+"$/)
  expect(first.headers.get('cache-control')).toBe('public, no-cache')
  const request = (tags: string) =>
    fetch(`${url}/openapi.json`, { headers: { 'if-none-match': tags } })
  for (const tags of [etag, `"other", ${etag}`, `W/${etag}`]) {
    const unchanged = await request(tags)
    expect([unchanged.status, await unchanged.text(), unchanged.headers.get('etag')]).toEqual([
      304,
      '',
      etag,
    ])
  }
  const other = await request('"other"')
  expect([other.status, await other.text()]).toEqual([200, text])
})
