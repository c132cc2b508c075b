import { LonghaulError } from '@longhaul/core'
import { expect, test } from 'vitest'
import { checkHttp } from './check-http.ts'

const argument = { type: 'string' as const, description: '', hidden: false }
const http = {
  url: 'https://a.example/orders/{{id}}?q={{q}}',
  method: 'GET' as const,
  headers: { Authorization: { secret: 'Bearer x' }, 'X-Trace': '{{id}}' },
  arguments: { id: argument, q: { ...argument, default: 'all' } },
}

test('a valid request is accepted', () => {
  expect(refusal({})).toBeUndefined()
  expect(refusal({ url: 'http://127.0.0.1:8080' })).toBeUndefined()
})

test.each([
  ['ftp://a.example', 'url'],
  ['a.example/x', 'url'],
  ['{{base}}/x', 'url'],
  ['https://{{host}}/x', 'url'],
  ['https://a.example{{x}}', 'url'],
  ['https://user:pass@a.example/', 'url'],
  ['https://:80/', 'url'],
])('the address %s is refused', (url, path) => {
  expect(refusal({ url })).toBe(`http.${path}`)
})

test.each([
  ['Host', 'x'],
  ['content-length', '1'],
  ['Transfer-Encoding', 'chunked'],
  ['a b', 'x'],
  ['', 'x'],
  ['x', 'a\r\nb: c'],
  ['x', 'a\0'],
  ['x', '☃'],
])('the header %j with the value %j is refused', (name, value) => {
  expect(refusal({ headers: { [name]: value } })).toBe(`http.headers.${name}`)
  expect(refusal({ headers: { [name]: { secret: value } } })).toBe(`http.headers.${name}`)
})

test('an argument has a name that a placeholder can have, and a default of its type', () => {
  expect(refusal({ arguments: { 'a b': argument } })).toBe('http.arguments.a b')
  expect(refusal({ arguments: { a: { ...argument, default: 1 } } })).toBe('http.defaults.a')
})

function refusal(more: Partial<Parameters<typeof checkHttp>[0]>): string | undefined {
  try {
    checkHttp({ ...http, ...more }, 'http')
    return undefined
  } catch (error) {
    return error instanceof LonghaulError ? error.fields[0]?.path : String(error)
  }
}
