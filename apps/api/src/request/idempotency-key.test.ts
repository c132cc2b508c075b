import { describe, expect, test } from 'vitest'
import { idempotencyOf } from './idempotency-key.ts'

const codex = { 'user-agent': 'codex_exec/0.171.0 (Debian)' }
const turn = (id: unknown) => ({ 'x-codex-turn-metadata': JSON.stringify({ turn_id: id }) })
const opencode = { 'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils/4.0.40' }
const body = { input: 'Hi' }

const keyOf = (headers: Record<string, string>, asked: object = body) =>
  idempotencyOf({ headers }, asked)?.key

describe('a client that repeats its requests by itself', () => {
  test.each([
    ['Codex', { ...codex, ...turn('t1') }, { ...codex, ...turn('t2') }],
    [
      'opencode',
      { ...opencode, 'x-session-id': 'ses_1' },
      { ...opencode, 'x-session-id': 'ses_2' },
    ],
  ])('has one key for each repeat: %s', (_, headers, otherWork) => {
    const key = keyOf(headers)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(keyOf({ ...headers, 'x-request-id': 'again' })).toBe(key)
    expect(keyOf(headers, { input: 'Hi again' })).not.toBe(key)
    expect(keyOf(otherWork)).not.toBe(key)
  })

  test('may send a key of its own', () => {
    expect(keyOf({ ...codex, ...turn('t1'), 'idempotency-key': 'k1' })).toBe('k1')
  })
})

test.each([
  ['other client', { 'user-agent': 'curl/8', 'x-session-id': 'ses_1' }],
  ['client without a name', { 'x-session-id': 'ses_1', ...turn('t1') }],
  ['Codex without a turn', codex],
  ['Codex with a turn that is no text', { ...codex, ...turn(1) }],
  ['Codex with metadata that is not JSON', { ...codex, 'x-codex-turn-metadata': '{' }],
  ['Codex with metadata null', { ...codex, 'x-codex-turn-metadata': 'null' }],
])('no key is derived for any %s', (_, headers) => {
  expect(idempotencyOf({ headers }, body)).toBeUndefined()
})
