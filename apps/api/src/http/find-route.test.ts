import express from 'express'
import * as fc from 'fast-check'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { operatorRoutes, routes } from '../routes/index.ts'
import { createRouteFinder } from './find-route.ts'

const table = [...routes, ...operatorRoutes].map(({ method, path }) => ({
  route: { method, path },
}))
const find = createRouteFinder(table)

test('the hot routes are found without Express, with their parameters', () => {
  const base = '/v2/agents/a/responses'
  expect(find({ method: 'POST', url: base })?.served.route.path).toBe(
    '/v2/agents/:agent_key/responses',
  )
  const read = find({ method: 'GET', url: `${base}/01AB?wait=5` })
  expect(read?.served.route.path).toBe('/v2/agents/:agent_key/responses/:task_id')
  expect(read?.params).toEqual({ agent_key: 'a', task_id: '01AB' })
})

test('a path with another character, or a slash too many, is left to Express', () => {
  for (const url of ['/v2/agents/a%20b', '/v2/agents/', '/v2//agents', '/v2/agents/é', '*', ''])
    expect(find({ method: 'GET', url })).toBeUndefined()
  expect(find({ method: 'HEAD', url: '/v2/agents' })).toBeUndefined()
})

test('a route that is found is the one that Express finds, with the same parameters', async () => {
  const app = express()
  app.set('case sensitive routing', true)
  for (const { route } of table) {
    app[route.method](route.path, (request, response) => {
      response.json({ ...route, params: request.params })
    })
  }
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const segment = fc.oneof(
    fc.constantFrom('a', 'test', 'sync', 'tools', 'versions', 'responses', 'admin', 'a:sync', '-'),
    fc.string({ maxLength: 3 }).map(encodeURIComponent),
  )
  const urls = fc.constantFrom(...table).chain(({ route: { path } }) =>
    fc
      .tuple(
        ...path
          .split('/')
          .slice(1)
          .map((each) =>
            fc.oneof({ arbitrary: fc.constant(each.replaceAll('\\', '')), weight: 4 }, segment),
          ),
      )
      .map((segments) => `/${segments.map((each) => each.replace(/^:/, '')).join('/')}`),
  )
  const methods = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT')
  await fc.assert(
    fc.asyncProperty(methods, urls, fc.constantFrom('', '?a=/b', '/'), async (method, url, end) => {
      const found = find({ method, url: url + end })
      if (found === undefined) return
      const reply = await fetch(`http://127.0.0.1:${port}${url}${end}`, { method })
      expect(await reply.json()).toEqual({ ...found.served.route, params: found.params })
    }),
    { numRuns: 300 },
  )
  server.close()
})
