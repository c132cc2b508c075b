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

  test('is recognised when it adds what a content filter has left', () => {
    const headers = { ...codex, ...turn('t1') }
    const user = message('user', 'Hi')
    const filtered = [
      { type: 'reasoning', summary: [] },
      message('assistant', 'Hel'),
      message('developer', '<content_filter_guidance>\nYour previous response was blocked.'),
    ]
    const output = { type: 'function_call_output', call_id: 'c1', output: 'x' }
    const key = keyOf(headers, [user])
    expect(keyOf(headers, [user, ...filtered])).toBe(key)
    expect(keyOf(headers, [user, ...filtered, ...filtered])).toBe(key)
    // Any other request, one after a step or one of the user, is another one.
    for (const more of [[output], filtered.slice(0, 2), [...filtered, output], [...filtered, user]])
      expect(keyOf(headers, [user, ...more])).not.toBe(key)
    expect(keyOf(headers, [user, message('developer', 'Be brief.')])).not.toBe(key)
    expect(keyOf({ ...codex, ...turn('t2') }, [user, ...filtered])).not.toBe(key)
  })

  test('may send a key of its own', () => {
    expect(keyOf({ ...codex, ...turn('t1'), 'idempotency-key': 'k1' })).toBe('k1')
  })
})

function message(role: string, text: string) {
  return { type: 'message', role, content: [{ type: 'input_text', text }] }
}

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
