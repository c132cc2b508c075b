import { bearer, expect, jsonOf, test, turn } from './http-conformance.ts'

const json = JSON.stringify(turn('hello'))
const size = json.length
const chunked = `${size.toString(16)}\r\n${json}\r\n0\r\n\r\n`
const healthz = 'GET /healthz HTTP/1.1\r\nHost: h\r\n'
const smuggled = 'GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n'

/** Headers and body of a turn, and the expected statuses: exactly one for each request. */
const bodies: Record<string, [lines: string, body: string, answers: number[]]> = {
  'a length and chunks (CL.TE)': [
    `Content-Length: ${size}\r\nTransfer-Encoding: chunked\r\n`,
    chunked + smuggled,
    [400],
  ],
  'chunks and a length (TE.CL)': [
    `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`,
    `1\r\n{\r\n0\r\n\r\n${smuggled}`,
    [400],
  ],
  'two encodings (TE.TE)': [
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
    chunked + smuggled,
    [400],
  ],
  'an encoding that is none': ['Transfer-Encoding: xchunked\r\n', chunked, [400]],
  'a list that ends otherwise': ['Transfer-Encoding: chunked, identity\r\n', chunked, [400]],
  'a space before the colon': ['Transfer-Encoding : chunked\r\n', chunked, [400]],
  'a tab before it': ['Transfer-Encoding:\tchunked\r\nContent-Length: 3\r\n', chunked, [400]],
  'a line that goes on': [
    'Transfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n',
    chunked,
    [400],
  ],
  'two lengths': [`Content-Length: ${size}\r\nContent-Length: 5\r\n`, json, [400]],
  'the same length twice': [`Content-Length: ${size}\r\nContent-Length: ${size}\r\n`, json, [400]],
  'a length with a sign': [`Content-Length: +${size}\r\n`, json, [400]],
  'a length in two parts': [`Content-Length: 1 0\r\n`, json, [400]],
  'a bad size of a chunk': ['Transfer-Encoding: chunked\r\n', `zz\r\n${json}\r\n0\r\n\r\n`, [400]],
  'a negative size': ['Transfer-Encoding: chunked\r\n', `-1\r\n${json}\r\n0\r\n\r\n`, [400]],
  'a size of 2 to the 64': [
    'Transfer-Encoding: chunked\r\n',
    `10000000000000000\r\n${json}`,
    [400],
  ],
  'a chunk without its end': [
    'Transfer-Encoding: chunked\r\n',
    `${size.toString(16)}\r\n${json}x0\r\n\r\n`,
    [400],
  ],
  'bare line feeds': [
    'Transfer-Encoding: chunked\r\n',
    `${size.toString(16)}\n${json}\n0\n\n`,
    [400],
  ],
  'extensions without end': [
    'Transfer-Encoding: chunked\r\n',
    `1;${'a=b;'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`,
    [413],
  ],
  chunks: ['Connection: close\r\nTransfer-Encoding: chunked\r\n', chunked, [200]],
  'chunks of one byte': [
    'Connection: close\r\nTransfer-Encoding: chunked\r\n',
    `${Array.from(json, (letter) => `1\r\n${letter}\r\n`).join('')}0\r\n\r\n`,
    [200],
  ],
  trailers: [
    'Connection: close\r\nTransfer-Encoding: chunked\r\nTrailer: authorization\r\n',
    `${size.toString(16)}\r\n${json}\r\n0\r\nAuthorization: Bearer x\r\n\r\n`,
    [200],
  ],
  'a length in the trailers': [
    'Transfer-Encoding: chunked\r\n',
    `${size.toString(16)}\r\n${json}\r\n0\r\nContent-Length: 3\r\n\r\n`,
    [400],
  ],
  'a body behind the body': [
    `Connection: close\r\nContent-Length: ${size}\r\n`,
    json + smuggled,
    [200],
  ],
  'a second request behind it': [
    `Content-Length: ${size}\r\n`,
    `${json}${healthz}Connection: close\r\n\r\n`,
    [200, 200],
  ],
  'nonsense behind it': [`Content-Length: ${size}\r\n`, `${json}nonsense\r\n\r\n`, [200]],
}

test('an ambiguous length of a turn’s body is 400', async ({ rawHttp, agent }) => {
  const start = `POST /v2/agents/${agent}/responses HTTP/1.1\r\nHost: h\r\nAuthorization: ${bearer}\r\nContent-Type: application/json\r\n`
  for (const [name, [lines, body, answers]] of Object.entries(bodies)) {
    const replies = await rawHttp.send(`${start}${lines}\r\n${body}`, name)
    expect([name, replies.map(({ status }) => status)]).toEqual([name, answers])
  }
})

/** Whole connections: the sent bytes, and the statuses of the replies before the server closes. */
const connections: Record<string, [sent: string | Buffer, answers: number[]]> = {
  'no host': ['GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', [400]],
  'two hosts': [`${healthz}Host: other\r\nConnection: close\r\n\r\n`, [400]],
  'HTTP/0.9': ['GET /healthz\r\n\r\n', [400]],
  'HTTP/0.9 with headers': ['GET /healthz\r\nHost: h\r\n\r\n', [400]],
  'HTTP/1.0': ['GET /healthz HTTP/1.0\r\n\r\n', [200]],
  'HTTP/3.7': ['GET /healthz HTTP/3.7\r\nHost: h\r\n\r\n', [400]],
  'a whole URL': ['GET http://169.254.169.254/latest/meta-data HTTP/1.1\r\nHost: h\r\n\r\n', [400]],
  'the URL of a file': ['GET file:///etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n', [400]],
  'a name without a slash': ['GET healthz HTTP/1.1\r\nHost: h\r\n\r\n', [400]],
  'an asterisk': ['OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n', [400]],
  'a folded header': [`${healthz}X-A: a\r\n b\r\nConnection: close\r\n\r\n`, [400]],
  'a header without a name': [`${healthz}: a\r\n\r\n`, [400]],
  'a header without a colon': [`${healthz}abc\r\n\r\n`, [400]],
  'a space in a name': [`${healthz}a b: c\r\n\r\n`, [400]],
  'a NUL in a header': [`${healthz}X-A: a\0b\r\n\r\n`, [400]],
  'a bare line feed': ['GET /healthz HTTP/1.1\nHost: h\n\n', [400]],
  'a bare return': [`${healthz}X-A: a\rb\r\n\r\n`, [400]],
  'a header of 70 kB': [`${healthz}X-A: ${'a'.repeat(70_000)}\r\n\r\n`, [431]],
  '3,000 headers': [`${healthz}${'X-A: b\r\n'.repeat(3_000)}\r\n`, [431]],
  'a target of 70 kB': [`GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, [431]],
  'an HTTP/2 preface': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', [400]],
  'a TLS hello': [Buffer.from('16030100c8010000c40303', 'hex'), [400]],
  'the protocol of Redis': ['*1\r\n$4\r\nPING\r\n', [400]],
  'the protocol of Redis in words': ['PING\r\n', [400]],
  SSH: ['SSH-2.0-OpenSSH_9.6\r\n', [400]],
  SMTP: ['EHLO example.org\r\n', [400]],
  'the PROXY protocol': [`PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${healthz}\r\n`, [400]],
  zeros: [Buffer.alloc(100_000), [400]],
  'random bytes': [
    Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 167 + 13) % 256)),
    [400],
  ],
  'five requests at once': [
    `${`${healthz}\r\n`.repeat(4)}${healthz}Connection: close\r\n\r\n`,
    [200, 200, 200, 200, 200],
  ],
  'an empty line first': [`\r\n\r\n${healthz}Connection: close\r\n\r\n`, [200]],
  'a GET with a body': [`${healthz}Connection: close\r\nContent-Length: 5\r\n\r\nhello`, [200]],
  'a GET with a bad body': [`${healthz}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, []],
  'a request and nonsense': [`${healthz}\r\nnonsense\r\n\r\n`, [200]],
  'an upgrade to HTTP/2': [
    `${healthz}Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
    [200],
  ],
  'an expectation that is none': [
    `${healthz}Expect: a-miracle\r\nConnection: close\r\n\r\n`,
    [417],
  ],
}

test('an invalid request is refused once, and the connection is closed', async ({ rawHttp }) => {
  for (const [name, [sent, answers]] of Object.entries(connections)) {
    const replies = await rawHttp.send(sent, name)
    expect([name, replies.map(({ status }) => status)]).toEqual([name, answers])
  }
})

test('an accepted turn gets its reply, although nonsense follows it', async ({
  rawHttp,
  agent,
}) => {
  const [reply] = await rawHttp.send(
    `POST /v2/agents/${agent}/responses HTTP/1.1\r\nHost: h\r\nAuthorization: ${bearer}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n${json}nonsense`,
  )
  const task = String(reply && jsonOf(reply)['task_id'])
  expect(reply?.headers.get('connection')).toBe('close')
  expect((await rawHttp.ask(`GET /v2/agents/${agent}/responses/${task}`)).status).toBe(200)
})
