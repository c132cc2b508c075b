import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { parseBody } from './parse-body.ts'

const taken: [string, string, unknown][] = [
  ['an object', '{"a":[1,true,null,"é 🙂"]}', { a: [1, true, null, 'é 🙂'] }],
  ['space around it', ' \r\n\t{} \n', {}],
  ['brackets and quotes within strings', '{"a":"[[[{{\\"]"}', { a: '[[[{{"]' }],
  ['a string that ends in backslashes', '{"a":"\\\\\\\\","b":[]}', { a: '\\\\', b: [] }],
  ['the last of two equal keys', '{"a":1,"a":2,"\\u0061":3}', { a: 3 }],
  ['an escaped pair of surrogates', '{"a":"\\ud83d\\ude42"}', { a: '🙂' }],
  ['half a pair, as U+FFFD', '{"a":["x\\ud83d"],"\\udE42k":1}', { a: ['x\uFFFD'], '\uFFFDk': 1 }],
  ['the text of an escape', '{"a":"\\\\ud83d"}', { a: '\\ud83d' }],
  ['NUL and U+2028', '{"a":"\\u0000\\u2028"}', { a: '\0\u2028' }],
  [
    'names of the prototype that do no harm',
    '{"toString":1,"constructor":2}',
    { toString: 1, constructor: 2 },
  ],
]

test.each(taken)('%s is taken', (_, text, value) => {
  expect(parseBody(Buffer.from(text))).toEqual(value)
})

const manyKeys = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`k${i}`, i]))

const refused: [string, string | Buffer, RegExp][] = [
  ['nothing but space', '  ', /not valid JSON/],
  ['a cut text', '{"a":', /not valid JSON/],
  ['a comment', '{/* */}', /not valid JSON at position 1/],
  ['NaN', '{"a":NaN}', /not valid JSON/],
  ['two documents', '{}{}', /not valid JSON at position 2/],
  ['a control character', '{"a":"\n"}', /not valid JSON at position 6/],
  ['an open string', '{"a":"b', /not valid JSON/],
  ['a byte order mark', '\uFEFF{}', /byte order mark/],
  ['an array', '[]', /must be a JSON object/],
  ['a string', '"a"', /must be a JSON object/],
  ['null', 'null', /must be a JSON object/],
  ['a number without a double', '{"a":[-1e999]}', /number that is too large/],
  ['too many keys', JSON.stringify({ a: manyKeys }), /more than 5000 keys/],
  ['one key too often', `{${'"a":0,'.repeat(limits.mapKeys)}"a":0}`, /more than 5000 keys/],
  ['too many values', `{"a":[${'0,'.repeat(limits.jsonValues)}0]}`, /more than 100000 values/],
  ['too many empty objects', `{"a":[${'{},'.repeat(limits.jsonValues / 2)}0]}`, /values/],
  ['0xFF', Buffer.from([0x7b, 0xff, 0x7d]), /not valid UTF-8/],
  ['an overlong code', Buffer.from('{"a":"\xc0\xaf"}', 'latin1'), /not valid UTF-8/],
  ['a surrogate in UTF-8', Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), /not valid UTF-8/],
  ['UTF-16', Buffer.from('{}', 'utf16le'), /not valid JSON/],
]

test.each(refused)('%s is refused', (_, text, problem) => {
  expect(() => parseBody(Buffer.from(text))).toThrow(problem)
})

test('the depth limit is exact, and counts what is open, not what there is', () => {
  expect(() => parseBody(nested(limits.jsonDepth))).not.toThrow()
  expect(() => parseBody(nested(limits.jsonDepth + 1))).toThrow('deeper than 100 levels')
  expect(() => parseBody(nested(50_000))).toThrow('deeper than 100 levels')
  expect(() => parseBody(Buffer.from('['.repeat(1_000_000)))).toThrow('deeper than 100 levels')
  expect(() => parseBody(Buffer.from(`{"a":[${'[],'.repeat(5_000)}[]]}`))).not.toThrow()
})

test('the limits of keys and values are exact, and keys are counted in each object by itself', () => {
  const keys = Object.fromEntries(Object.entries(manyKeys).slice(1))
  expect(Object.keys(keys)).toHaveLength(limits.mapKeys)
  expect(() => parseBody(Buffer.from(JSON.stringify({ a: keys, b: [keys, keys] })))).not.toThrow()
  expect(() => parseBody(zeros(limits.jsonValues - 2))).not.toThrow()
  expect(() => parseBody(zeros(limits.jsonValues - 1))).toThrow('values')
})

function zeros(count: number): Buffer {
  return Buffer.from(JSON.stringify({ a: Array(count).fill(0) }))
}

function nested(depth: number): Buffer {
  return Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
}

test('no body reaches the prototype of anything', () => {
  const body = parseBody(
    Buffer.from(
      '{"__proto__":{"admin":1},"a":{"constructor":{"prototype":{"admin":1}},"b":[{"\\u005f_proto__":{"admin":1}}]}}',
    ),
  )
  expect(body).toEqual({ a: { b: [{}] } })
  expect(Object.keys(body)).toEqual(['a'])
  expect(({} as { admin?: number }).admin).toBeUndefined()
})

test('hostile texts of the full size cost little more than their bare parsing', () => {
  const full = limits.body - 100
  const texts = [
    `{"a":"${'\\\\'.repeat(full / 2)}"}`,
    `{"a":"${'\\"'.repeat(full / 2)}"}`,
    `{"a":{${Array.from({ length: 700_000 }, (_, i) => `"${i}k":0,`).join('')}"a":0}}`,
    `{"a":[${'0,'.repeat(full / 2)}0]}`,
    `{"a":"${'\\ud83d'.repeat(full / 6)}"}`,
    `"${'\\'.repeat(full)}`,
    '"'.repeat(full),
  ]
  for (const text of texts) {
    const bytes = Buffer.from(text)
    const bare = costOf(() => JSON.parse(bytes.toString()))
    expect(costOf(() => parseBody(bytes))).toBeLessThan(10 * bare + 2_000)
  }
})

/** Milliseconds, also of what is refused. */
function costOf(parse: () => unknown): number {
  const startedAt = performance.now()
  try {
    parse()
  } catch {}
  return performance.now() - startedAt
}
