import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { httpRequestOf } from './fill-request.ts'

const post = {
  url: 'https://a.example/orders/{{id}}?note={{note}}#{{id}}',
  method: 'POST' as const,
  headers: { 'X-Trace': 'order {{id}}' },
  body: { id: '{{id}}', text: 'about {{ note }}', list: [{ amount: '{{amount}}' }], fixed: true },
  arguments: {},
}

const repeated = (count: number, text: string) => ({
  ...post,
  body: { list: Array<string>(count).fill(text) },
})

describe('a placeholder', () => {
  test('is encoded for the part of the request where it stands', () => {
    const values = { id: 'a/b?c', note: 'x & y', amount: 5 }
    expect(httpRequestOf(post, values)).toEqual({
      url: 'https://a.example/orders/a%2Fb%3Fc?note=x%20%26%20y#a%2Fb%3Fc',
      method: 'POST',
      headers: { 'x-trace': 'order a/b?c', 'content-type': 'application/json' },
      body: '{"id":"a/b?c","text":"about x & y","list":[{"amount":5}],"fixed":true}',
    })
  })

  test('that occurs often is filled until the request would be too large', () => {
    const values = { id: 1, note: '', long: 'x'.repeat(1024 * 1024), list: [1, 2, 3] }
    expect(httpRequestOf(repeated(15, '{{long}}'), values).body).toHaveLength(
      15 * (1024 * 1024 + 3) + 10,
    )
    for (const text of ['{{long}}', 'a {{long}}', '{{long}}{{long}}']) {
      expect(() => httpRequestOf(repeated(100_000, text), values)).toThrow(
        'are longer than 16777216',
      )
    }
    const nested = { ...values, long: Array.from({ length: 100_000 }, (_, i) => i) }
    expect(() => httpRequestOf(repeated(100_000, '{{long}}'), nested)).toThrow('are longer than')
  })

  test('without a value is an error that names it', () => {
    expect(() => httpRequestOf(post, { id: 1, note: 'n' })).toThrow('there is no value for amount')
  })

  test.each(['toString', '__proto__', 'constructor'])(
    'is never what every object has: %s',
    (name) => {
      const get = {
        ...post,
        method: 'GET' as const,
        url: `https://a.example/{{${name}}}`,
        headers: {},
      }
      expect(() => httpRequestOf(get, {})).toThrow(`there is no value for ${name}`)
    },
  )

  test.each(['.', '..'])('cannot lead to another folder: %s', (id) => {
    const get = {
      ...post,
      method: 'GET' as const,
      url: 'https://a.example/x/{{id}}/y',
      headers: {},
    }
    expect(() => httpRequestOf(get, { id })).toThrow('cannot be a part of the URL')
  })

  test('cannot begin another header', () => {
    const header = { ...post, headers: { a: '{{id}}' } }
    const values = { id: 'x\r\nauthorization: y', note: '', amount: 1 }
    expect(() => httpRequestOf(header, values)).toThrow('no header can have')
  })

  test('never leads to another server or folder, with any value', () => {
    const get = {
      ...post,
      method: 'GET' as const,
      url: 'https://a.example/x/{{id}}/y?q={{id}}',
      headers: {},
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (id) => {
        fc.pre(id !== '.' && id !== '..')
        const url = new URL(httpRequestOf(get, { id }).url)
        expect(url.origin).toBe('https://a.example')
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'x', id, 'y'])
        expect(url.searchParams.get('q')).toBe(id)
      }),
    )
  })
})

test('a GET has no body, and a content type of the tool is kept', () => {
  const values = { id: 1, note: 'n', amount: 1 }
  expect(httpRequestOf({ ...post, method: 'GET' }, values)).not.toHaveProperty('body')
  const typed = { ...post, headers: { 'Content-Type': 'application/vnd.a+json' } }
  expect(httpRequestOf(typed, values).headers).toEqual({ 'content-type': 'application/vnd.a+json' })
})
