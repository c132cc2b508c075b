import { APICallError } from '@ai-sdk/provider'
import { expect, test } from 'vitest'
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
])('a connection that fails with %s may be tried again: %s', (code, retryable) => {
  const cause = new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code }) })
  const call = { message: 'x', url: 'https://a.example', requestBodyValues: {}, cause }
  expect(toModelError(new APICallError(call))).toMatchObject({
    retryable,
    unusable: false,
    message: `the provider cannot be reached (${code})`,
  })
})
