import type { PriorMessage } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { checkAnswers } from './check-answers.ts'

const user = { role: 'user' as const, parts: [{ kind: 'text' as const, text: 'x' }] }
const results = (...ids: string[]) => ({
  role: 'tool' as const,
  parts: ids.map((callId) => ({ kind: 'tool_result' as const, callId, result: 1 })),
})
const priorCalls = (...ids: string[]): PriorMessage => ({
  role: 'assistant',
  parts: [],
  calls: ids.map((callId) => ({ callId, name: 'f', arguments: '' })),
})
const priorResults = (...ids: string[]): PriorMessage & { paths: string[] } => ({
  role: 'tool',
  results: ids.map((callId) => ({ callId, result: 1 })),
  paths: ids.map((_, at) => `input[${at}].call_id`),
})

describe('messages while calls wait', () => {
  test.each([
    ['their results', { message: results('a', 'b') }, ['a', 'b']],
    ['some of them', { message: results('a') }, ['a', 'b']],
    ['results and then a message', { before: [priorResults('a')], message: user }, ['a']],
    [
      'a whole exchange',
      { before: [priorCalls('a'), priorResults('a'), priorCalls('a')], message: results('a') },
      [],
    ],
    ['nothing', { message: user }, []],
  ])('may be %s', (_, request, pending) => {
    expect(() => checkAnswers(request, pending)).not.toThrow()
  })

  test.each([
    ['message.role', { message: user }, ['a']],
    ['message.parts[1].callId', { message: results('a', 'x') }, ['a']],
    ['message.parts[1].callId', { message: results('a', 'a') }, ['a']],
    ['message.parts', { message: results('a'), complete: true as const }, ['a', 'b']],
    ['p', { message: { ...user, paths: ['p'] }, before: [priorResults('a')] }, ['a', 'b']],
    ['input[1].call_id', { message: user, before: [priorResults('a', 'x')] }, ['a']],
    ['', { message: user, before: [priorCalls('a'), priorCalls('b')] }, []],
    ['', { message: results('a'), before: [priorCalls('a', 'a')] }, []],
    ['message.role', { message: user, before: [priorCalls('a')] }, []],
  ])('are refused otherwise, with the path "%s"', (path, request, pending) => {
    const fields = [expect.objectContaining({ path }) as object]
    expect(() => checkAnswers(request, pending)).toThrow(
      expect.objectContaining({ fields }) as Error,
    )
  })
})
