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

function follow(hop: Hop, status: number, location: string): Hop {
  return redirected(hop, { status, location, secretHeaders: ['X-Api-Key'] })
}

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

test('a POST that becomes a GET loses its body and what describes it', () => {
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
      expect(Object.keys(follow(post, 307, location).headers)).toEqual([
        'content-type',
        'content-language',
        'accept',
      ])
    },
  )

  test('on the way from http to https, which is another origin', () => {
    const plain = { ...post, url: new URL('http://a.test/') }
    expect(follow(plain, 307, 'https://a.test/').headers).not.toHaveProperty('authorization')
  })

  test('for good, also when a redirect leads back', () => {
    const back = follow(follow(post, 307, 'https://b.test/'), 307, post.url.href)
    expect(back.url.origin).toBe(post.url.origin)
    expect(back.headers).not.toHaveProperty('x-api-key')
  })
})

test('encryption is not given up', () => {
  expect(() => follow(post, 307, 'http://a.test/')).toThrow(
    'a.test redirects from https to http, which is not followed',
  )
})

test('a place that is no URL is not followed', () => {
  expect(() => follow(post, 302, 'http://[')).toThrow(/something that is not a URL/)
})

test('only a redirect with a place is one', () => {
  expect(locationOf(302, { location: '/next' })).toBe('/next')
  expect(locationOf(302, {})).toBeUndefined()
  expect(locationOf(201, { location: '/made' })).toBeUndefined()
  expect(locationOf(304, { location: '/next' })).toBeUndefined()
})
