import { APICallError } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { toModelError } from './vendor-error.ts'

test.each([
  ['ECONNREFUSED', true],
  ['ENOTFOUND', true],
  ['EAI_AGAIN', true],
  ['UND_ERR_CONNECT_TIMEOUT', true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false],
  ['CERT_HAS_EXPIRED', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false],
])('a connection that fails with %s may be retried: %s', (code, retryable) => {
  const cause = new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code }) })
  const call = { message: 'x', url: 'https://a.example', requestBodyValues: {}, cause }
  expect(toModelError(new APICallError(call))).toMatchObject({
    retryable,
    unusable: false,
    unsent: true,
    message: `the provider cannot be reached (${code})`,
  })
})

test('an error that is wrapped very deeply is read up to a limit', () => {
  const deep = `${'{"error":'.repeat(15_000)}1${'}'.repeat(15_000)}`
  const lists = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  for (const responseBody of [deep, lists]) {
    const call = { message: 'x', url: 'https://a.example', requestBodyValues: {}, responseBody }
    const error = toModelError(new APICallError({ ...call, statusCode: 503 }))
    expect(error).toMatchObject({ status: 503, retryable: true })
  }
  const wrapped = JSON.stringify([{ error: { message: 'why' } }])
  const call = {
    message: 'x',
    url: 'https://a.example',
    requestBodyValues: {},
    responseBody: wrapped,
  }
  expect(toModelError(new APICallError({ ...call, statusCode: 500 })).message).toContain('why')
})

test.each([
  ['{"error":{"message":"no such tool","type":"invalid_request_error"}}', 'no such tool'],
  ['upstream is closed', 'upstream is closed'],
  ['{}', 'Provider returned error'],
])('of an error that a gateway passes on, %s, the vendor’s message is read', (raw, message) => {
  const error = { message: 'Provider returned error', code: 400, metadata: { raw } }
  const call = { message: 'x', url: 'https://a.example', requestBodyValues: {} }
  const responseBody = JSON.stringify({ error })
  const read = toModelError(new APICallError({ ...call, responseBody, statusCode: 400 }))
  expect(read.message).toBe(`the provider answered 400: ${message}`)
})

describe('a provider key in an error', () => {
  test.each([
    ['x', 'the max index of extra texts exceeds x', 'the max index of extra texts exceeds x'],
    ['x', 'Incorrect API key provided: x.', 'Incorrect API key provided: [key].'],
    ['x', "the key 'x' is unknown (key=x)", "the key '[key]' is unknown (key=[key])"],
    ['x', 'url: xylophone', 'url: xylophone'],
    ['ollama', 'the ollama server has no such model', 'the ollama server has no such model'],
    ['ollama', 'token "ollama" refused', 'token "[key]" refused'],
    ['$1.*', 'key: $1.*', 'key: [key]'],
    ['secret-7', 'in amysecret-7word', 'in amy[key]word'],
  ])('%s: "%s" becomes "%s"', (apiKey, message, expected) => {
    const responseBody = JSON.stringify({ error: { message } })
    const call = { message: 'x', url: 'https://a.example', requestBodyValues: {}, responseBody }
    const error = toModelError(new APICallError({ ...call, statusCode: 400 }), apiKey)
    expect(error.message).toBe(`the provider answered 400: ${expected}`)
  })
})
