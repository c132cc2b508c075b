import type { Reply } from '@longhaul/testbed'
import { bearer, expect, jsonOf, test, turn } from './http-conformance.ts'

const ulid = '01JABCDEFGHJKMNPQRSTVWXYZ0'

/** Odd ids, encoded as in the path. */
const odd = [
  '..',
  '.',
  '%2e%2e',
  '..%2f..%2fetc%2fpasswd',
  '..%5c..%5cwindows',
  '%2e%2e%2f%2e%2e%2fadmin',
  '....%2f%2f',
  'a%2fb',
  '%00',
  'a%00b',
  'a%0d%0aSet-Cookie:%20a=b',
  '%0a',
  '%e2%80%ae',
  '%ef%bf%bd',
  '*',
  '%3f',
  '[a-z]*',
  '%7Bw:test%7D:agents',
  'bull:jobs:meta',
  'agent:*',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '0',
  '-1',
  '1e309',
  'true',
  ulid,
  ulid.toLowerCase(),
  ulid.slice(1),
  `${ulid}0`,
  `8${ulid.slice(1)}`,
  `Z${ulid.slice(1)}`,
  `${ulid.slice(0, -1)}I`,
  `%20${ulid}`,
  `${ulid}%20`,
  `resp_${ulid}0001`,
  `resp_${ulid}`,
  `tool_${ulid}`,
  'x'.repeat(1_900),
  '%41'.repeat(1_900),
  "1'%20OR%20'1'='1",
  '1;DROP%20TABLE%20agents',
  '$%7B7*7%7D',
  '%7B%7B7*7%7D%7D',
  '%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  '$(id)',
  '%60id%60',
  ';id',
  '|id',
  'EVAL',
  '%F0%9F%98%80',
]

test('the reply to an odd id is the same as to any unknown id', async ({ rawHttp, agent }) => {
  const places = {
    agent: (id: string) => `GET /v2/agents/${id}`,
    task: (id: string) => `GET /v2/agents/${agent}/responses/${id}`,
    tool: (id: string) => `GET /v2/tools/${id}`,
    deleted: (id: string) => `DELETE /v2/agents/${id}`,
  }
  for (const place of Object.values(places)) {
    const known = shapeOf(await rawHttp.ask(place('unknown')), 'unknown')
    for (const id of odd) {
      const reply = await rawHttp.ask(place(id))
      // A path to a level above or below is an unknown path.
      if (/^[.]{1,2}$/.test(id)) expect(reply.status).toBe(404)
      else expect([id, shapeOf(reply, decodeURIComponent(id))]).toEqual([id, known])
    }
  }
})

/** The reply's bytes without the requested id and the request id. */
function shapeOf({ status, headers, text }: Reply, id: string) {
  const { date: _, 'content-length': __, ...rest } = Object.fromEntries(headers)
  const requestId = headers.get('x-request-id') ?? ''
  const quoted = JSON.stringify(id).slice(1, -1)
  return JSON.stringify([status, rest, text.replaceAll(` ${quoted} `, ' <id> ')]).replaceAll(
    requestId,
    '<request>',
  )
}

test('the reply to an odd task id in a body is the same as to any unknown id', async ({
  rawHttp,
  agent,
}) => {
  for (const id of odd.map(decodeURIComponent).filter(({ length }) => length <= 512)) {
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, {
      json: { ...turn('hello'), task_id: id },
    })
    // An impossible id is refused before a lookup.
    const readable = !/[\p{Cc}\ufffd]/u.test(id)
    expect([id, reply.status, jsonOf(reply)['errors']]).toEqual(
      readable ? [id, 404, []] : [id, 400, [expect.objectContaining({ path: 'task_id' })]],
    )
  }
})

test('an invalid percent code is 400', async ({ rawHttp }) => {
  for (const id of ['%', '%zz', '%1', 'a%', '%ff', '%c0%af', '%ed%a0%80', '%u0041', '%%']) {
    expect([id, (await rawHttp.ask(`GET /v2/agents/${id}`)).status]).toEqual([id, 400])
  }
})

test('a byte that is invalid in a target is 400', async ({ rawHttp }) => {
  for (const id of ['\0', '\x7f', 'a b', '\t']) {
    const lines = `GET /v2/agents/${id} HTTP/1.1\r\nHost: h\r\nAuthorization: ${bearer}\r\nConnection: close\r\n\r\n`
    const replies = await rawHttp.send(lines)
    expect([id, replies.map(({ status }) => status)]).toEqual([id, [400]])
  }
})

const wellKnown = [
  '/.env',
  '/.git/config',
  '/.git/HEAD',
  '/.aws/credentials',
  '/.ssh/id_rsa',
  '/.well-known/security.txt',
  '/.DS_Store',
  '/robots.txt',
  '/favicon.ico',
  '/wp-login.php',
  '/xmlrpc.php',
  '/phpinfo.php',
  '/server-status',
  '/admin',
  '/admin/queues',
  '/debug/pprof',
  '/actuator/env',
  '/graphql',
  '/swagger.json',
  '/package.json',
  '/node_modules/express/package.json',
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '//etc/passwd',
  '/cgi-bin/%2e%2e/bin/sh',
]

test('well-known paths of other software do not exist, with or without a key', async ({
  rawHttp,
}) => {
  const nowhere = shapeOf(await rawHttp.ask('GET /v3/nowhere'), '')
  for (const path of wellKnown) {
    for (const headers of [{}, { Authorization: undefined }]) {
      const reply = await rawHttp.ask(`GET ${path}`, { headers })
      expect([path, shapeOf(reply, '')]).toEqual([path, nowhere])
    }
  }
})

test('an unexpected method is 404, 405, or no HTTP', async ({ rawHttp, agent }) => {
  const methods = ['PUT', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK', 'PURGE', 'QUERY', 'MKCOL']
  for (const method of methods) {
    const reply = await rawHttp.ask(`${method} /v2/agents/${agent}`)
    expect([method, reply.status]).toEqual([method, 405])
    expect((await rawHttp.ask(`${method} /nowhere`)).status).toBe(404)
  }
  for (const method of ['get', 'FOO', 'G\0T', 'GET,POST', 'X'.repeat(70_000)]) {
    const [reply, ...more] = await rawHttp.send(`${method} /healthz HTTP/1.1\r\nHost: h\r\n\r\n`)
    expect([reply?.status, more]).toEqual([400, []])
  }
  // Node alone closes the connection without a reply.
  const connect = `CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: h\r\n\r\n`
  expect(await rawHttp.send(connect)).toEqual([])
})

test('no header, query or field overrides the method', async ({ rawHttp, agent }) => {
  const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method']
  for (const name of overrides) {
    const reply = await rawHttp.ask(`GET /v2/agents/${agent}?_method=DELETE`, {
      headers: { [name]: 'DELETE' },
    })
    expect(reply.status).toBe(200)
    const patch = { json: { _method: 'DELETE' }, headers: { [name]: 'DELETE' } }
    expect((await rawHttp.ask(`PATCH /v2/agents/${agent}`, patch)).status).toBe(200)
  }
  const upgrade = {
    Connection: 'Upgrade, close',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
  }
  expect((await rawHttp.ask(`GET /v2/agents/${agent}`, { headers: upgrade })).status).toBe(200)
})

const queries: [query: string, status: number][] = [
  ...['-1', '0', '201', '1.5', 'NaN', 'Infinity', '1e309', '1e2', '0x10', '٣', '1%00', 'null'].map(
    (limit): [string, number] => [`limit=${limit}`, 400],
  ),
  ...[
    '-1',
    'NaN',
    '1e309',
    '..',
    '*',
    '%2b',
    '(',
    '__proto__',
    ulid.toLowerCase(),
    `${ulid}0`,
    '%00',
  ].flatMap((cursor): [string, number][] => [
    [`starting_after=${cursor}`, 400],
    [`limit=1&ending_before=${cursor}`, 400],
  ]),
  [`starting_after=${ulid}&ending_before=${ulid}`, 200],
  ['limit=', 200],
  ['limit[]=1', 200],
  ['a[__proto__]=1&__proto__[a]=1&constructor[prototype][a]=1', 200],
  [`a${'[b]'.repeat(300)}=1`, 200],
  [Array.from({ length: 1_500 }, (_, index) => `p${index}=1`).join('&'), 200],
  ['limit=1&limit=NaN', 200],
  ['%ff=%zz&%', 200],
  ['&&&===&', 200],
  ['?limit=5', 200],
]

test('unknown parameters of a query are ignored, and invalid values are refused', async ({
  rawHttp,
  agent,
}) => {
  for (const [query, status] of queries) {
    const reply = await rawHttp.ask(`GET /v2/agents?${query}`)
    expect([query.slice(0, 100), reply.status]).toEqual([query.slice(0, 100), status])
    const one = await rawHttp.ask(`GET /v2/agents/${agent}?${query}`)
    expect([query.slice(0, 100), one.status]).toEqual([query.slice(0, 100), 200])
  }
  expect(jsonOf(await rawHttp.ask('GET /v2/agents/nobody'))['a']).toBeUndefined()
})
