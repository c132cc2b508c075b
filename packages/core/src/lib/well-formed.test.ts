import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExact } from './parse-exact.ts'
import { wellFormed, wellFormedJson } from './well-formed.ts'

const broken = fc
  .array(fc.constantFrom('a', '😀', '\\', '"', 'ud83d', '\ud83d', '\ude00', '\u0000'))
  .map((parts) => parts.join(''))
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    broken,
    fc.integer(),
    fc.constantFrom(null, true),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(broken, tie('value'), { maxKeys: 4 }),
  ),
}))

/** The rule in a second implementation: every text and name with U+FFFD for lone surrogates. */
function expected(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.toWellFormed(), expected(item)]),
  )
}

test('each lone surrogate of a value becomes U+FFFD, and nothing else changes', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(wellFormed(value)).toEqual(expected(value))
    }),
  )
})

test('each lone surrogate of a JSON text becomes U+FFFD, as a character and as an escape', () => {
  fc.assert(
    fc.property(values, fc.boolean(), (value, escaped) => {
      const json = JSON.stringify(value)
      const text = escaped ? json.replaceAll(/[^ -~]/g, escapeOf) : json
      expect(JSON.parse(wellFormedJson(text))).toEqual(expected(value))
    }),
  )
})

/** JSON as written by a serializer that writes ASCII only. */
function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`
}

test('a value without lone surrogates is returned unchanged', () => {
  const value = { text: 'a😀', list: [{ '😀': String.raw`\ud83d` }] }
  expect(wellFormed(value)).toBe(value)
})

test.each([
  ['{"a":"\\ud83d\\ude00"}', '{"a":"\\ud83d\\ude00"}'],
  ['{"a":"x\\ud800y"}', '{"a":"x\ufffdy"}'],
  ['{"a":"\\uDE00\\uD83D"}', '{"a":"\ufffd\ufffd"}'],
  ['{"a":"\\ud83d\\ud83d\\ude00"}', '{"a":"\ufffd\\ud83d\\ude00"}'],
  ['{"a":"\\\\ud83d"}', '{"a":"\\\\ud83d"}'],
  ['{"a":"\\\\\\ud83d"}', '{"a":"\\\\\ufffd"}'],
  ['{"\\ud83d":1}', '{"\ufffd":1}'],
  ['"\ud83d"', '"\ufffd"'],
])('%s becomes %s', (json, healed) => {
  expect(wellFormedJson(json)).toBe(healed)
})

test('a large integer keeps its digits beside a lone surrogate', () => {
  const value = parseExact('{"id":9007199254740993,"text":"\\ud800"}')
  expect(JSON.stringify(wellFormed(value))).toBe('{"id":9007199254740993,"text":"\ufffd"}')
})

test('a value is read however deeply it is nested', () => {
  let value: unknown = '\u{1f600}'
  for (let depth = 0; depth < 200_000; depth += 1) value = [value]
  expect(wellFormed(value)).toBe(value)
})
