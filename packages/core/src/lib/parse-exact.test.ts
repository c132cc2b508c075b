import * as fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { parseExact } from './parse-exact.ts'

test.each([
  '9007199254740993',
  '-9007199254740993',
  '[9007199254740993,123456789012345678901234567890]',
  '{"id":9007199254740993,"of":{"list":[{"id":-9007199254740993}]}}',
])('%s is written with the same digits', (text) => {
  expect(JSON.stringify(parseExact(text))).toBe(text)
})

test.each([
  '9007199254740991',
  '1234567890123456',
  '1.25',
  '12345678901234567890.5',
  '1e300',
  '{"text":": 9007199254740993","__proto__":1}',
  'null',
  '"9007199254740993"',
])('%s is what JSON.parse makes of it', (text) => {
  expect(parseExact(text)).toEqual(JSON.parse(text))
})

test('a string that looks like one, or holds characters of all kinds, stays what it is', () => {
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value)
      expect(JSON.stringify(parseExact(`[9007199254740993,${text}]`))).toBe(
        `[9007199254740993,${text}]`,
      )
      const escaped = text.replace(
        /[\ue000-\uf8ff]/g,
        (one) => `\\u${one.charCodeAt(0).toString(16)}`,
      )
      expect(JSON.stringify(parseExact(`{"a":${escaped},"b":-90071992547409931}`))).toBe(
        `{"a":${text},"b":-90071992547409931}`,
      )
    }),
  )
})

const strings = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.constantFrom('\ue000', '\ue0001', '\ue0009007199254740993', '"9007199254740993', '\\', '\\"'),
)
const values = fc
  .jsonValue({ stringUnit: 'binary' })
  .map((other) => [other, other])
  .chain((some) => fc.array(strings).map((texts) => [...texts, ...some]))
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)

test('a text of many such integers is parsed without a function called for each value', () => {
  const digits = '9007199254740993'
  const text = `[${`${digits},`.repeat(10_000)}${digits}]`
  const parse = vi.spyOn(JSON, 'parse')
  onTestFinished(() => parse.mockRestore())
  expect(JSON.stringify(parseExact(text))).toBe(text)
  expect(parse.mock.calls.map((value) => value.length)).toEqual([1])
})

test('a deeply nested text is parsed, too', () => {
  const depth = 100_000
  const text = `${'['.repeat(depth)}9007199254740993${']'.repeat(depth)}`
  expect(parseExact(text)).toHaveLength(1)
})

test('a text that is not JSON is a SyntaxError', () => {
  for (const text of [
    '[9007199254740993',
    '{9007199254740993:1}',
    '{9007199254740993 : 1}',
    '[09007199254740993]',
    '[1-9007199254740993]',
    '[+9007199254740993]',
  ])
    expect(() => parseExact(text)).toThrow(SyntaxError)
})
