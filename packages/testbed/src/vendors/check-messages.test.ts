import { expect, test } from 'vitest'
import { problemOf } from './check-messages.ts'

const user = { role: 'user', content: 'Hi' }

function calls(...ids: string[]) {
  return { role: 'assistant', content: null, tool_calls: ids.map((id) => ({ id })) }
}

function result(id: string, content: unknown = 'ok') {
  return { role: 'tool', tool_call_id: id, content }
}

test('calls are followed by their results', () => {
  const text = [{ type: 'text', text: 'ok' }]
  const messages = [
    user,
    calls('a', 'b'),
    result('b'),
    result('a', text),
    user,
    calls('a'),
    result('a'),
  ]
  expect(problemOf(messages)).toBeUndefined()
})

test.for([
  [
    'a missing result',
    [calls('a', 'b'), result('a'), user],
    'messages[2]: no result for the calls b',
  ],
  ['a missing last result', [user, calls('a')], 'messages: no result for the calls a'],
  ['a result without a call', [user, result('a')], 'messages[1]: no call before it has the id a'],
  ['a repeated result', [calls('a'), result('a'), result('a')], 'messages[2]: no call'],
  ['a late result', [calls('a'), user, result('a')], 'messages[1]: no result'],
  ['two calls with one id', [calls('a', 'a')], 'messages[0]: two calls have one id'],
  ['an image', [calls('a'), result('a', [{ type: 'image_url' }])], 'messages[1]: a result is text'],
] as const)('%s is refused', ([, messages, problem]) => {
  expect(problemOf([...messages])).toContain(problem)
})
