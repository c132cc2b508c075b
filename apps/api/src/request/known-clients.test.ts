import { expect, test } from 'vitest'
import { mayRepeat } from './known-clients.ts'

const counted = (count: string) => ({ 'x-stainless-retry-count': count })

test.each([
  ['the AI SDK', { 'user-agent': 'ai/7.0.173 ai-sdk-provider-utils/5.0.81 node.js/24' }, true],
  ['LangChain', { 'user-agent': 'langchainjs-openai/1.0.0', ...counted('0') }, true],
  [
    'a first request of an OpenAI SDK',
    { 'user-agent': 'OpenAI/JS 7.59.0', ...counted('0') },
    false,
  ],
  ['its repeat', { 'user-agent': 'OpenAI/Python 2.1.0', ...counted('1') }, true],
  ['any other client', { 'user-agent': 'curl/8' }, undefined],
  ['a client without a name', {}, undefined],
])('a request of %s may repeat an earlier one: %s', (_, headers, repeats) => {
  expect(mayRepeat(headers)).toBe(repeats)
})
