import { expect, test } from 'vitest'
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

test('other values are revived', () => {
  expect(JSON.stringify(parseExact('["a",null,9007199254740993]', upper))).toBe(
    '["A",null,9007199254740993]',
  )
})

test('what is nested too deeply is read all the same', () => {
  const depth = 100_000
  const text = `${'['.repeat(depth)}9007199254740993${']'.repeat(depth)}`
  expect(parseExact(text)).toHaveLength(1)
})

test('what is no JSON is a SyntaxError', () => {
  expect(() => parseExact('[9007199254740993')).toThrow(SyntaxError)
})

function upper(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toUpperCase() : value
}
