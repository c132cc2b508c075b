import { expect, test } from 'vitest'
import { operatorRoutes, routes } from '../routes/index.ts'
import { keyOfAcme, operatorKey, serve } from '../http/test-server.fixture.ts'

const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })

/** A reply, without the fields that differ from request to request. */
async function comparable(response: Response) {
  const { 'x-request-id': id = '', date: _, ...headers } = Object.fromEntries(response.headers)
  return [response.status, headers, (await response.text()).replace(id, '<id>')]
}

test('without an operator key no caller has access to the admin routes', async () => {
  const { url } = await serve(routes)
  for (const path of ['/v2/admin', '/v2/admin/', '/v2/admin/tasks', '/v2/admin/pause']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      for (const request of [{}, withKey(keyOfAcme), withKey(operatorKey), withKey('nobody')]) {
        const [admin, other] = await Promise.all(
          [path, '/v2/nothing'].map(async (each) =>
            comparable(await fetch(url + each, { ...request, method })),
          ),
        )
        expect([method, path, admin]).toEqual([method, path, other])
      }
    }
  }
  const document = await (await fetch(`${url}/openapi.json`)).text()
  expect(document).not.toContain('/v2/admin')
})

test('only the operator key opens the admin routes, and it opens nothing else', async () => {
  const { url } = await serve([...routes, ...operatorRoutes])
  const status = async (path: string, request: RequestInit) =>
    (await fetch(url + path, request)).status
  const paths = operatorRoutes.map(({ path }) => path.replaceAll(/:\w+/g, 'x'))
  for (const path of [...paths, '/v2/admin/', '/v2/admin/nothing']) {
    for (const request of [{}, withKey(keyOfAcme), withKey(`${operatorKey}x`), withKey('x')]) {
      expect([path, await status(path, request)]).toEqual([path, 401])
    }
  }
  expect(await status('/v2/admin/nothing', withKey(operatorKey))).toBe(404)
  expect(await status('/v2/admin', { ...withKey(operatorKey), method: 'DELETE' })).toBe(405)
  for (const { method, path } of routes) {
    const request = { ...withKey(operatorKey), method: method.toUpperCase() }
    expect([path, await status(path.replaceAll(/:\w+/g, 'x'), request)]).toEqual([path, 401])
  }
  for (const path of ['/v2/administration', '/v2/%61dmin', '/v2//admin', '/v2/x/../admin']) {
    expect([path, await status(path, withKey(keyOfAcme))]).toEqual([
      path,
      path.includes('..') ? 401 : 404,
    ])
  }
})

test('a route under the path of another key is refused at start', async () => {
  const [route] = routes
  const [admin] = operatorRoutes
  if (route === undefined || admin === undefined) throw new Error('no route')
  await expect(serve([{ ...route, path: '/v2/admin/x' }])).rejects.toThrow('another key')
  await expect(serve([{ ...admin, path: '/v2/x' }])).rejects.toThrow('another key')
})
