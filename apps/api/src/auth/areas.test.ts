import type { Request } from 'express'
import { expect, test } from 'vitest'
import { doc } from '../http/test-server.fixture.ts'
import type { AnyRoute } from '../route.ts'
import { operatorRoutes, routes } from '../routes/index.ts'
import { createAreas } from './areas.ts'

const handle = () => Promise.resolve(undefined)
const route = (path: string, auth?: AnyRoute['auth']) =>
  ({ method: 'get', path, doc, handle, ...(auth && { auth }) }) as AnyRoute

test('every path under a version belongs to workspaces, with and without a route', () => {
  const areas = createAreas(routes)
  for (const path of ['/v2/agents', '/v1/nothing', '/v9', '/v2/admin/tasks'])
    expect(areas.areaOf(path)).toBe('workspace')
  for (const path of ['/docs', '/healthz', '/', '/version'])
    expect(areas.areaOf(path)).toBeUndefined()
})

test('every path under the operator routes belongs to the operator', () => {
  const areas = createAreas([...routes, ...operatorRoutes])
  for (const path of ['/v2/admin', '/v2/admin/', '/v2/admin/tasks', '/v2/admin/nothing'])
    expect(areas.areaOf(path)).toBe('operator')
  for (const path of ['/v2/administration', '/v2/agents/admin', '/v1/admin'])
    expect(areas.areaOf(path)).toBe('workspace')
})

test('a route that would be served to another principal than its own is refused', () => {
  for (const wrong of [route('/agents'), route('/docs', 'watch')])
    expect(() => createAreas([wrong])).toThrow('without a key')
  for (const wrong of [
    route('/v2/admin'),
    route('/v2/admin/x'),
    route('/v2/admin/x', 'watch'),
    route('/v2/administration', 'operator'),
  ])
    expect(() => createAreas([wrong])).toThrow('another key')
  expect(() => createAreas([route('/v2/admin', 'operator'), route('/v2/a')])).not.toThrow()
})

test.for<[string, { method?: string; headers?: object }, string | undefined]>([
  ['/v2/agents/a/responses/t/events?token=x', {}, 'x'],
  ['/v2/agents/a/responses/t/events/?after=1&token=x', { method: 'HEAD' }, 'x'],
  ['/v2/agents/a/responses/t/events?after=1', {}, undefined],
  ['/v2/agents/a/responses/t/events?token=x', { method: 'POST' }, undefined],
  ['/v2/agents/a/responses/t/events?token=x', { headers: { authorization: 'y' } }, undefined],
  ['/v2/agents/a/responses/t/log?token=x', {}, undefined],
  ['/v2/agents/a/b/responses/t/events?token=x', {}, undefined],
  ['/V2/agents/a/responses/t/events?token=x', {}, undefined],
])('of %s with %o the watch token is %s', ([url, more, token]) => {
  const request = { method: 'GET', url, headers: {}, ...more } as unknown as Request
  expect(createAreas(routes).watchTokenOf(request)).toBe(token)
})
