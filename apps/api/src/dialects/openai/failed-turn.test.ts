import { TurnFailure } from '@longhaul/core'
import { expect, test } from 'vitest'
import { errorInStream, errorOfFailure, failedTurn } from './failed-turn.ts'

const once = { refused: false }

test('every failure has a code that clients know, and names its own code', () => {
  for (const code of TurnFailure.options) {
    const error = errorOfFailure({ code, message: 'no', status: 500 }, once)
    expect(error.message).toBe(`${code}: no`)
    expect([
      'server_error',
      'rate_limit_exceeded',
      'context_length_exceeded',
      'invalid_prompt',
    ]).toContain(error.code)
  }
})

test('a failure of the provider is a server error, a rate limit or a refused request', () => {
  const failure = { code: 'provider_failed', message: 'no', status: 502 } as const
  expect(errorOfFailure(failure, once)).toMatchObject({
    code: 'server_error',
    type: 'server_error',
    param: null,
  })
  expect(errorOfFailure({ ...failure, status: 429 }, once)).toMatchObject({
    code: 'rate_limit_exceeded',
    type: 'rate_limit_error',
  })
  expect(errorOfFailure(failure, { refused: true })).toMatchObject({
    code: 'invalid_prompt',
    type: 'invalid_request_error',
  })
})

test('a failure that names a field of the request has its name', () => {
  const long = { code: 'context_too_long', message: 'too long', status: 422 } as const
  const error = errorOfFailure(long, once)
  expect(error).toMatchObject({ code: 'context_length_exceeded', param: 'input' })
  const ids = { task_id: 't', response_id: 'r' }
  expect(failedTurn(error, ids)).toMatchObject({
    status: 400,
    reason: 'context_length_exceeded',
    type: 'invalid_request_error',
    fields: [{ path: 'input' }],
    details: ids,
  })
})

test('no error in a stream has a code because of which clients repeat the request', () => {
  for (const code of TurnFailure.options) {
    for (const status of [429, 502]) {
      const error = errorOfFailure({ code, message: 'no', status }, once)
      const streamed = errorInStream(error)
      expect(['context_length_exceeded', 'invalid_prompt']).toContain(streamed.code)
      expect(streamed.type).toBe('invalid_request_error')
      expect(streamed).toMatchObject({ message: error.message, param: error.param })
    }
  }
})
