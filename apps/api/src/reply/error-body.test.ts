import { expect, test } from 'vitest'
import { errorBody } from './error-body.ts'

test("an error repeats only a limited part of the caller's text", () => {
  const path = `headers.${'k'.repeat(1_000_000)}`
  const fields = Array.from({ length: 20 }, () => ({ path, message: 'is required' }))
  const message = `${path}: is required`
  const problem = { status: 400, type: 't', code: 'invalid', requestId: 'r' }
  const body = errorBody({ ...problem, message, fields })
  expect(JSON.stringify(body).length).toBeLessThan(60_000)
  expect(body.errors[0]).toEqual({ path: `${path.slice(0, 2_000)}…`, message: 'is required' })
  expect(errorBody({ ...problem, message: 'short', fields: [] })).toEqual({
    code: '400',
    message: 'short',
    request_id: 'r',
    errors: [],
    error: { message: 'short', type: 't', code: 'invalid', param: null },
  })
})
