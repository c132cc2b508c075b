import { expect, test } from 'vitest'
import { checkUrl } from './check-url.ts'
import { parseHostAllowList } from './egress-allow.ts'

const nothing = parseHostAllowList([])

test.each([
  'https://example.com/path?query#fragment',
  'http://example.com:8080',
  'http://8.8.8.8/',
  'http://[2606:4700:4700::1111]/',
  'https://münchen.example/',
  'http://tools.internal/',
])('%s passes the checks that need no DNS', (url) => {
  expect(checkUrl(url, nothing)).toBeUndefined()
})

test.each([
  ['', /must be a complete URL/],
  ['example.com', /must be a complete URL/],
  ['//example.com', /must be a complete URL/],
  ['http://', /must be a complete URL/],
  ['http://exa mple.com', /must be a complete URL/],
  ['http://1.2.3.4.5', /must be a complete URL/],
  ['http://256.1.1.1', /must be a complete URL/],
  ['http://[::1', /must be a complete URL/],
  ['http://example.com:99999', /must be a complete URL/],
  ['file:///etc/passwd', /must begin with/],
  ['ftp://example.com', /must begin with/],
  ['gopher://127.0.0.1:6379/_FLUSHALL', /must begin with/],
  ['data:text/plain,hello', /must begin with/],
  ['javascript:1', /must begin with/],
  ['ws://example.com', /must begin with/],
  ['http+unix://%2Fvar%2Frun%2Fdocker.sock/', /must begin with/],
  ['https://me@example.com', /user name or password/],
  ['https://:secret@example.com', /user name or password/],
  ['http://localhost', /leads to localhost, which is not public/],
  ['http://api.LOCALHOST./', /leads to api.localhost., which is not public/],
  ['http://2130706433/', /leads to 127.0.0.1, which is not public/],
  ['http://[::ffff:127.0.0.1]/', /leads to ::ffff:7f00:1, which is not public/],
])('%j is refused', (url, problem) => {
  expect(checkUrl(url, nothing)).toMatch(problem)
})

test('a URL that the operator allows passes', () => {
  const allow = parseHostAllowList(['localhost', '127.0.0.0/8', '::1'])
  for (const url of ['http://localhost:1/', 'http://127.1/', 'http://[::1]/']) {
    expect(checkUrl(url, allow)).toBeUndefined()
  }
  expect(checkUrl('http://10.0.0.1/', allow)).toMatch(/not public/)
})

test('no secret of a URL is repeated', () => {
  expect(checkUrl('https://me:hunter2@example.com/?key=hunter2', nothing)).not.toContain('hunter2')
})
