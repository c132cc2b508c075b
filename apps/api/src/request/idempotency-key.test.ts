import { describe, expect, test } from 'vitest'
import { idempotencyOf } from './idempotency-key.ts'

const codex = { 'user-agent': 'codex_exec/0.171.0 (Debian)' }
const turn = (id: unknown) => ({ 'x-codex-turn-metadata': JSON.stringify({ turn_id: id }) })
const opencode = { 'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils/4.0.40' }
const asked = (input: unknown) => ({ agent: undefined, body: { input } })

const keyOf = (headers: Record<string, string>, input: unknown = 'Hi') =>
  idempotencyOf({ headers }, asked(input))?.key

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
    expect(keyOf(headers, 'Hi again')).not.toBe(key)
    expect(keyOf(otherWork)).not.toBe(key)
  })

  test('may add to a repeat what it has received of the answer', () => {
    const headers = { ...codex, ...turn('t1') }
    const user = { role: 'user', content: 'Hi' }
    const answer = [
      { type: 'reasoning', summary: [] },
      { type: 'message', role: 'assistant', content: 'Hel' },
    ]
    const output = { type: 'function_call_output', call_id: 'c1', output: 'x' }
    const key = keyOf(headers, [user])
    expect(keyOf(headers, [user, ...answer])).toBe(key)
    expect(keyOf(headers, [user, ...answer, output])).not.toBe(key)
    expect(keyOf(headers, [user, user])).not.toBe(key)
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
  expect(idempotencyOf({ headers }, asked('Hi'))).toBeUndefined()
})
