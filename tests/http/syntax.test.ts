import { brotliCompressSync, gzipSync } from 'node:zlib'
import { newAgent } from '../support/new-agent.ts'
import { expect, jsonOf, test, turn } from './http-conformance.ts'

const text = JSON.stringify(turn('hello'))
const broken = {
  'no body': '',
  'a cut document': text.slice(0, -1),
  'a comment': text.replace('{', '{/* */'),
  'a line comment': `// hello\n${text}`,
  'two documents': text + text,
  'a trailing comma': text.replace(/}$/, ',}'),
  NaN: text.replace('true', 'NaN'),
  Infinity: text.replace('true', '-Infinity'),
  undefined: text.replace('true', 'undefined'),
  hexadecimal: text.replace('true', '0x1F'),
  'a leading zero': text.replace('true', '01'),
  'a huge number': text.replace('true', '1e999'),
  'a number of 10,000 digits': text.replace('true', '9'.repeat(10_000)),
  'single quotes': text.replaceAll('"', "'"),
  'a byte order mark': `\uFEFF${text}`,
  'a control character': text.replace('hello', 'hel\u0001lo'),
  'a bare line break': text.replace('hello', 'hel\nlo'),
  'a NUL behind it': `${text}\0`,
  'a bad escape': text.replace('hello', '\\x41'),
  'half an escape': text.replace('hello', '\\u12'),
  'an array': `[${text}]`,
  'a string': JSON.stringify(text),
  'a number': '1',
  null: 'null',
  YAML: 'background: true',
  'a form': 'background=true&message=hello',
  XML: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}

test('a body that is not a JSON object is 400', async ({ rawHttp, agent }) => {
  for (const [name, body] of Object.entries(broken)) {
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body })
    expect([name, reply.status]).toEqual([name, 400])
  }
})

const encoded = {
  '0xFF': Buffer.from(text.replace('hello', '\xff'), 'latin1'),
  'an overlong slash': Buffer.from(text.replace('hello', '\xc0\xaf'), 'latin1'),
  'an overlong NUL': Buffer.from(text.replace('hello', '\xc0\x80'), 'latin1'),
  'a surrogate (CESU-8)': Buffer.from(text.replace('hello', '\xed\xa0\xbd\xed\xb8\x80'), 'latin1'),
  'beyond U+10FFFF': Buffer.from(text.replace('hello', '\xf4\x90\x80\x80'), 'latin1'),
  'half a character': Buffer.from(text.replace('hello', '\xe2\x82'), 'latin1'),
  'UTF-16': Buffer.from(text, 'utf16le'),
  'UTF-16 with a mark': Buffer.from(`\uFEFF${text}`, 'utf16le'),
  gzip: gzipSync(text),
}

test('bytes that are not UTF-8 are 400', async ({ rawHttp, agent }) => {
  for (const [name, body] of Object.entries(encoded)) {
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body })
    expect([name, reply.status]).toEqual([name, 400])
  }
})

const kept: Record<string, [written: string, kept: string]> = {
  'half a pair': ['\\ud83d', '\uFFFD'],
  'the other half': ['\\ude00x', '\uFFFDx'],
  'a pair the wrong way': ['\\ude00\\ud83d', '\uFFFD\uFFFD'],
  'a pair': ['\\ud83d\\ude00', '😀'],
  NUL: ['a\\u0000b', 'a\0b'],
  'right to left': ['\\u202egnp.exe', '\u202Egnp.exe'],
  'line separators': ['\u2028\u2029', '\u2028\u2029'],
  'a mark within': ['\uFEFFa', '\uFEFFa'],
  'no character': ['\\uffff', '\uFFFF'],
  unnormalised: ['e\u0301', 'e\u0301'],
  'many marks on one letter': [`a${'\u0301'.repeat(1_000)}`, `a${'\u0301'.repeat(1_000)}`],
}

test('odd characters are kept unchanged, and half characters become U+FFFD', async ({
  rawHttp,
  agent,
}) => {
  for (const [name, [written, expected]] of Object.entries(kept)) {
    const body = `{"role":"${written}","variables":{"${written}":"${written}"}}`
    const patched = await rawHttp.ask(`PATCH /v2/agents/${agent}`, { body })
    expect([name, patched.status]).toEqual([name, 200])
    const { role, variables } = jsonOf(await rawHttp.ask(`GET /v2/agents/${agent}`))
    expect([name, role, variables]).toEqual([name, expected, { [expected]: expected }])
    const line = `POST /v2/agents/${agent}/responses`
    const said = await rawHttp.ask(line, { body: text.replace('hello', written) })
    expect([name, said.status]).toEqual([name, 200])
  }
})

test('odd characters are refused in a key, and an id with them is unknown', async ({
  rawHttp,
  agent,
}) => {
  for (const [written] of Object.values(kept)) {
    const create = JSON.stringify({ ...newAgent(), key: 'KEY' }).replace('KEY', written)
    const refused = await rawHttp.ask('POST /v2/agents', { body: create })
    expect([written, refused.status, jsonOf(refused)['error']]).toMatchObject([
      written,
      400,
      { param: 'key' },
    ])
    const body = text.replace('{', `{"task_id":"${written}",`)
    const unknown = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body })
    expect([written, [400, 404].includes(unknown.status)]).toEqual([written, true])
  }
})

test('of two equal keys the last one counts, in any notation', async ({ rawHttp, agent }) => {
  const roles = {
    '{"role":"first","role":"last"}': 'last',
    '{"role":"first","r\\u006fle":"escaped"}': 'escaped',
    '{"r\\u006fle":"escaped","role":"plain"}': 'plain',
  }
  for (const [body, role] of Object.entries(roles)) {
    const reply = await rawHttp.ask(`PATCH /v2/agents/${agent}`, { body })
    expect([body, jsonOf(reply)['role']]).toEqual([body, role])
  }
})

test('no key at any position reaches a prototype', async ({ rawHttp, agent }) => {
  const evil = [
    '"__proto__":{"polluted":"yes","isAdmin":true}',
    '"\\u005f_proto__":{"polluted":"yes"}',
    '"__proto__":null',
    '"__proto__":[]',
    '"constructor":{"prototype":{"polluted":"yes"}}',
    '"prototype":{"polluted":"yes"}',
    '"toString":"polluted"',
    '"hasOwnProperty":1,"valueOf":1,"toJSON":1',
    '"__defineGetter__":1,"__lookupSetter__":1',
  ]
  const line = `POST /v2/agents/${agent}/responses`
  for (const keys of evil) {
    const places: [string, string][] = [
      [line, text.replace('{', `{${keys},`)],
      [line, text.replace('"message":{', `"message":{${keys},`)],
      [line, text.replace('"parts":[{', `"parts":[{${keys},`)],
      [line, text.replace('{', `{"variables":{${keys},"a":{${keys}}},`)],
      [line, text.replace('{', `{"metadata":{"a":[{${keys}}]},`)],
      [`PATCH /v2/agents/${agent}`, `{"variables":{${keys}},"role":"r"}`],
    ]
    for (const [place, body] of places) {
      const reply = await rawHttp.ask(place, { body })
      expect([body, reply.status]).toEqual([body, 200])
    }
    const manifest = await rawHttp.ask(`GET /v2/agents/${agent}`)
    const nothing = await rawHttp.ask('GET /v2/agents/nobody')
    expect(nothing.text + JSON.stringify({ ...jsonOf(manifest), variables: 0 })).not.toMatch(
      /pollut/,
    )
    expect(Object.keys(jsonOf(nothing))).toHaveLength(5)
  }
})

const types = {
  'application/json': 200,
  'APPLICATION/JSON; CHARSET=UTF-8': 200,
  'application/json; charset="utf-8"': 200,
  'application/problem+json': 200,
  'application/json; charset=utf-16': 415,
  'application/json; charset=utf-7': 415,
  'application/json; charset=shift_jis': 415,
  'application/json;charset=utf-8;charset=utf-16': 415,
  'text/plain': 415,
  'text/json': 415,
  'text/html': 415,
  'application/x-www-form-urlencoded': 415,
  'multipart/form-data; boundary=a': 415,
  'application/xml': 415,
  'application/octet-stream': 415,
  'application/json, application/json': 415,
  '../json': 415,
  '': 415,
}

test('a Content-Type other than JSON is 415', async ({ rawHttp, agent }) => {
  for (const [type, status] of Object.entries(types)) {
    const headers = { 'Content-Type': type }
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body: text, headers })
    expect([type, reply.status]).toEqual([type, status])
  }
  for (const headers of [
    { 'Content-Type': undefined },
    { 'Content-Type': ['text/plain', 'application/json'] },
  ]) {
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body: text, headers })
    expect(reply.status).toBe(415)
  }
})

test('a compressed body is 415 before it is decompressed', async ({ rawHttp, agent }) => {
  const bomb = Buffer.alloc(50_000_000, ' ')
  const bodies: [string, string | Buffer][] = [
    ['gzip', text],
    ['gzip', gzipSync(text)],
    ['gzip', gzipSync(text).subarray(0, 20)],
    ['gzip', gzipSync(bomb)],
    ['x-gzip', gzipSync(text)],
    ['gzip, gzip', gzipSync(gzipSync(text))],
    ['br', brotliCompressSync(text)],
    ['br', brotliCompressSync(bomb, { params: { 1: 1 } })],
    ['deflate', text],
    ['zstd', text],
    ['nonsense', text],
    ['identity, gzip', text],
  ]
  for (const [encoding, body] of bodies) {
    const headers = { 'Content-Encoding': encoding }
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body, headers })
    expect([encoding, reply.status]).toEqual([encoding, 415])
  }
})
