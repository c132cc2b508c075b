import { expect, test } from 'vitest'
import { checkRequest } from './check-request.ts'

test.each(['GET', 'post', 'DELETE', 'PROPFIND'])('the method %s can be used', (method) => {
  expect(checkRequest(method, { 'X-Key': 'a\tb ü', accept: '', authorization: 'Bearer x' })).toBe(
    undefined,
  )
})

test.each(['', 'GET /', 'GET\r\n', 'CONNECT', 'trace'])('the method %j cannot', (method) => {
  expect(checkRequest(method, {})).toMatch(/^the method .* cannot be used$/)
})

test.each([
  'Host',
  'connection',
  'Content-Length',
  'Transfer-Encoding',
  'TE',
  'Trailer',
  'Upgrade',
  'Expect',
  'Keep-Alive',
  'Proxy-Authorization',
])('callers cannot set the header %s', (name) => {
  expect(checkRequest('GET', { [name]: '1' })).toMatch(`"${name}" is set by the client itself`)
})

test.each(['', 'a b', 'a:', 'a\r\nb', 'ü', ' host'])('the header name %j is refused', (name) => {
  expect(checkRequest('GET', { [name]: '1' })).toMatch(/has a name that HTTP does not allow/)
})

test.each(['hunter2\r\nHost: evil', 'hunter2\n', 'hunter2\0', 'hunter2 €'])(
  'the header value %j is refused, and not repeated',
  (value) => {
    const problem = checkRequest('GET', { 'X-Key': value })
    expect(problem).toBe('the header "X-Key" has a value that HTTP does not allow')
  },
)
