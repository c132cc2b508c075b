import { describe, expect, test } from 'vitest'
import { locationOf, redirected, type Hop } from './redirect.ts'

const post: Hop = {
  method: 'POST',
  url: new URL('https://a.test/start'),
  headers: {
    'content-type': 'application/json',
    'content-language': 'en',
    accept: '*/*',
    authorization: 'Bearer x',
    cookie: 'a=b',
    'x-api-key': 'k',
  },
  body: '{}',
}

const get: Hop = { ...post, method: 'GET', body: undefined }

function follow(hop: Hop, status: number, location: string): Hop {
  return redirected(hop, { status, location, secretHeaders: ['X-Api-Key'], holdsSecret })
}

const holdsSecret = (text: string) => text.includes('hunter2')

test.each([
  [301, 'POST', 'GET'],
  [302, 'POST', 'GET'],
  [303, 'POST', 'GET'],
  [303, 'PUT', 'GET'],
  [303, 'HEAD', 'HEAD'],
  [301, 'PUT', 'PUT'],
  [302, 'DELETE', 'DELETE'],
  [307, 'POST', 'POST'],
  [308, 'PATCH', 'PATCH'],
])('a %i turns %s into %s', (status, before, after) => {
  expect(follow({ ...post, method: before }, status, '/next').method).toBe(after)
})

test('a POST that becomes a GET loses its body and the headers of the body', () => {
  const { body, headers, url } = follow(post, 302, '../next?x=1')
  expect(body).toBeUndefined()
  expect(Object.keys(headers)).toEqual(['accept', 'authorization', 'cookie', 'x-api-key'])
  expect(url.href).toBe('https://a.test/next?x=1')
})

test('a 307 keeps body and headers within an origin', () => {
  expect(follow(post, 307, '/next')).toEqual({ ...post, url: new URL('https://a.test/next') })
})

describe('secrets are dropped', () => {
  test.each(['https://b.test/', 'https://a.test:8443/', 'https://sub.a.test/', '//a.test.evil/'])(
    'on the way to %s',
    (location) => {
      expect(Object.keys(follow(get, 307, location).headers)).toEqual([
        'content-type',
        'content-language',
        'accept',
      ])
    },
  )

  test('on the way from http to https, which is another origin', () => {
    const plain = { ...get, url: new URL('http://a.test/') }
    expect(follow(plain, 307, 'https://a.test/').headers).not.toHaveProperty('authorization')
  })

  test('permanently, also when a later redirect leads back', () => {
    const back = follow(follow(get, 307, 'https://b.test/'), 307, get.url.href)
    expect(back.url.origin).toBe(post.url.origin)
    expect(back.headers).not.toHaveProperty('x-api-key')
  })
})

describe('a redirect to another origin is refused', () => {
  const open = { 'content-type': 'application/json' }
  const plain = { ...post, headers: open }

  test.each<[string, Hop, number, string]>([
    [
      'with an Authorization',
      { ...plain, headers: { ...open, authorization: 'Bearer x' } },
      307,
      '/',
    ],
    ['with a cookie', { ...plain, headers: { ...open, cookie: 'a=b' } }, 308, '/'],
    ['with a secret in a header', { ...plain, headers: { 'x-key': 'hunter2' } }, 307, '/'],
    ['with a secret in its body', { ...plain, body: '{"key":"hunter2"}' }, 308, '/'],
    ['with a secret in its body, of 302', { ...plain, method: 'PUT', body: 'hunter2' }, 302, '/'],
    ['with a secret in its URL', { ...plain, url: new URL('https://a.test/?k=hunter2') }, 307, '/'],
    ['to a place that tells a secret', get, 302, '/?k=hunter2'],
  ])('%s', (_, hop, status, path) => {
    expect(() => follow(hop, status, `https://b.test${path}`)).toThrow(
      'a.test redirects a request with a secret to another origin (b.test), which is not followed',
    )
    expect(follow(hop, status, path).url.origin).toBe('https://a.test')
  })

  test('but not when it holds no secret', () => {
    expect(follow(plain, 307, 'https://b.test/')).toMatchObject({ method: 'POST', body: '{}' })
  })
})

test('a redirect from https to http is refused', () => {
  expect(() => follow(post, 307, 'http://a.test/')).toThrow(
    'a.test redirects from https to http, which is not followed',
  )
})

test('a location that is not a URL is not followed', () => {
  expect(() => follow(post, 302, 'http://[')).toThrow(/something that is not a URL/)
})

test('a reply is a redirect only with a location', () => {
  expect(locationOf(302, { location: '/next' })).toBe('/next')
  expect(locationOf(302, {})).toBeUndefined()
  expect(locationOf(201, { location: '/made' })).toBeUndefined()
  expect(locationOf(304, { location: '/next' })).toBeUndefined()
})
