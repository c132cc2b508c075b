import { testKey } from '@longhaul/testbed'
import { bearer, expect, foreignKey, jsonOf, test, turn } from './http-conformance.ts'

const refused: Record<string, string | string[] | undefined> = {
  'no header': undefined,
  'an empty one': '',
  'a space': ' ',
  'the scheme alone': 'Bearer',
  'the scheme and a space': 'Bearer ',
  'no scheme': testKey,
  Basic: `Basic ${Buffer.from(`${testKey}:`).toString('base64')}`,
  'Basic with the key': `Basic ${testKey}`,
  Digest: `Digest username="${testKey}"`,
  'a beginning': bearer.slice(0, -1),
  'the public half': bearer.slice(0, bearer.lastIndexOf('_')),
  'the public half and a bar': bearer.slice(0, bearer.lastIndexOf('_') + 1),
  'more than the key': `${bearer}x`,
  'the key in capitals': `Bearer ${testKey.toUpperCase()}`,
  'a NUL behind it': `${bearer}%00`,
  "the other key's beginning": `Bearer ${foreignKey.slice(0, 19)}${testKey.slice(19)}`,
  __proto__: 'Bearer __proto__',
  constructor: 'Bearer constructor',
  'a glob': 'Bearer *',
  'a glob with a prefix': 'Bearer lh_*',
  'a key of Redis': 'Bearer {lh:keys}:0123456789abcdef',
  'two keys in one': `${bearer}, ${bearer}`,
  'two words': `Bearer a ${testKey}`,
  'twice the scheme': `Bearer ${bearer}`,
  'two headers': [bearer, bearer],
  'a wrong one before it': ['Bearer wrong', bearer],
  'a wrong one behind it': [bearer, 'Bearer wrong'],
  undefined: 'Bearer undefined',
  JSON: `Bearer {"$ne":null}`,
  'a token without a signature': 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.',
  'a long one': `Bearer ${'x'.repeat(6_000)}`,
  'a long one that begins well': `${bearer}${'x'.repeat(6_000)}`,
  'bytes beyond ASCII': `Bearer ${testKey}\xff`,
}

test('an invalid key is 401 with the same text, for every path and before the body is read', async ({
  rawHttp,
  agent,
}) => {
  const lines = [
    `GET /v2/agents/${agent}`,
    `POST /v2/agents/${agent}/responses`,
    'DELETE /v2/tools/nothing',
    'GET /v2/nowhere',
    'GET /v2/%zz',
  ]
  for (const [name, authorization] of Object.entries(refused)) {
    for (const line of lines) {
      const headers = { Authorization: authorization, 'Content-Length': undefined }
      const reply = await rawHttp.ask(line, { headers })
      expect([name, line, reply.status]).toEqual([name, line, 401])
      expect(reply.headers.get('www-authenticate')).toBe('Bearer')
      expect(reply.text).not.toContain(testKey.slice(0, 19))
    }
  }
})

test('a key is accepted in no other place', async ({ rawHttp, agent }) => {
  const places = {
    'X-Api-Key': testKey,
    'Api-Key': testKey,
    'X-Auth-Token': testKey,
    'Proxy-Authorization': bearer,
    Cookie: `api_key=${testKey}; authorization=${bearer}`,
    'X-Authorization': bearer,
    'X-Forwarded-Authorization': bearer,
  }
  for (const [name, value] of Object.entries(places)) {
    const path = `GET /v2/agents/${agent}?api_key=${testKey}&access_token=${testKey}`
    const headers = { Authorization: undefined, [name]: value }
    expect([name, (await rawHttp.ask(path, { headers })).status]).toEqual([name, 401])
  }
})

test('headers that claim another identity have no effect', async ({ rawHttp, agent }) => {
  const claims = {
    'X-Workspace-Id': 'other',
    'X-Orq-Workspace': 'other',
    'X-User-Id': 'admin',
    'X-Forwarded-For': '127.0.0.1, 169.254.169.254',
    'X-Real-IP': '127.0.0.1',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'https',
    'X-Original-URL': '/v2/agents',
    'X-Rewrite-URL': '/metrics',
    Forwarded: 'for=127.0.0.1;host=evil.example;proto=https',
    'X-Forwarded-User': 'root',
    'X-Orq-Contact-Id': 'somebody',
    Host: 'evil.example',
    Origin: 'https://evil.example',
    Referer: 'https://evil.example/',
  }
  const plain = await rawHttp.ask(`GET /v2/agents/${agent}`)
  for (const [name, value] of Object.entries(claims)) {
    const reply = await rawHttp.ask(`GET /v2/agents/${agent}`, { headers: { [name]: value } })
    expect([name, reply.status, reply.text]).toEqual([name, 200, plain.text])
    expect([...reply.headers.keys()]).toEqual([...plain.headers.keys()])
    const without = { Authorization: undefined, [name]: value }
    expect((await rawHttp.ask(`GET /v2/agents/${agent}`, { headers: without })).status).toBe(401)
  }
  const mine = await rawHttp.ask('GET /v2/agents', { headers: claims })
  const agents = jsonOf(mine)['data'] as { workspace_id: string }[]
  expect(new Set(agents.map(({ workspace_id: workspace }) => workspace))).toEqual(new Set(['test']))
})

test('CORS is off: neither an origin nor a preflight is answered', async ({ rawHttp, agent }) => {
  const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' }
  for (const line of [`OPTIONS /v2/agents/${agent}`, `GET /v2/agents/${agent}`]) {
    const reply = await rawHttp.ask(line, { headers })
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual(
      [],
    )
  }
})

test('a harmless request id is returned, and no request id breaks a header', async ({
  rawHttp,
}) => {
  const kept = [
    'trace-1.a_B',
    'x'.repeat(128),
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ]
  for (const id of kept) expect(await given(id)).toBe(id)
  const replaced = [
    '',
    ' ',
    'a b',
    'x'.repeat(129),
    '__proto__',
    '<script>',
    'a,b',
    'é',
    '"',
    '{{7*7}}',
  ]
  for (const id of replaced.filter((each) => each !== '__proto__')) {
    expect(await given(id)).toMatch(/^[0-9a-f-]{36}$/)
  }
  expect(await given(['a', 'b'])).toMatch(/^[0-9a-f-]{36}$/)

  async function given(id: string | string[]) {
    const reply = await rawHttp.ask('GET /v2/nowhere', { headers: { 'X-Request-Id': id } })
    return reply.headers.get('x-request-id')
  }
})

test('a turn belongs to the workspace of its key, whatever its body contains', async ({
  rawHttp,
  agent,
}) => {
  const json = { ...turn('hello'), workspace_id: 'other', agent_key: 'x', identity: { id: 'root' } }
  const made = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { json })
  const path = `GET /v2/agents/${agent}/responses/${String(jsonOf(made)['task_id'])}`
  expect((await rawHttp.ask(path)).status).toBe(200)
  expect((await rawHttp.ask(path, { key: foreignKey })).status).toBe(404)
})
