import { describe, expect, test } from 'vitest'
import { fail } from '../turn/decide.ts'
import type { TurnCompleted } from './fact.ts'
import { fold } from './fold.ts'
import type { State } from './state.ts'
import { limits } from '../limits/limits.ts'
import { resultOf } from './turn-result.ts'

const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 }
const completed: TurnCompleted = { type: 'turn.completed', reason: 'stop', pending: [] }

describe('the result of a turn', () => {
  test('contains the last reply’s text, its model, and the usage of the turn', () => {
    const state = stateWith({ text: 'the answer', lastAnswer: 'the answer', usage })
    expect(resultOf(state, completed, 'a/first')).toEqual({
      model: 'b/answered',
      text: 'the answer',
      reason: 'stop',
      pending: [],
      calls: [],
      usage,
    })
  })

  test('that ended early is the last text', () => {
    const state = stateWith({ text: '', lastAnswer: 'so far' })
    for (const reason of ['max_iterations', 'max_time'] as const) {
      expect(resultOf(state, { ...completed, reason }, 'a/first').text).toBe('so far')
    }
    expect(resultOf(state, { ...completed, reason: 'content_filter' }, 'a/first').text).toBe('')
  })

  test('that failed states why, and contains no answer', () => {
    const { fact } = fail('provider_failed', 'no model is left', 429)
    const state = { ...stateWith({ text: 'half', lastAnswer: 'half' }), reply: undefined }
    expect(resultOf(state, fact, 'a/first')).toEqual({
      model: 'a/first',
      text: '',
      pending: [],
      calls: [],
      failure: { code: 'provider_failed', message: 'no model is left', status: 429 },
    })
  })

  test('contains the calls of the turn, with large values shortened', () => {
    const large = 'x'.repeat(limits.shownToolResult + 1)
    const calls = [
      { callId: 'a', name: 'f', arguments: { large }, result: large, ms: 1 },
      { callId: 'b', name: 'f', arguments: { n: 1 }, error: 'broke', ms: 2 },
    ]
    const result = resultOf(stateWith({ calls }), completed, 'a/first')
    expect(result.calls[0]?.result).toMatch(/x \[cut: 4097 characters in all\]$/)
    expect(JSON.stringify(result.calls[0]?.arguments)).toContain('[cut: ')
    expect(result.calls[1]).toEqual(calls[1])
  })
})

function stateWith(part: Partial<State>): State {
  const reply = {
    type: 'step.finished' as const,
    step: 1,
    modelIndex: 1,
    model: 'b/answered',
    reason: 'stop' as const,
    calls: [],
    ms: 1,
  }
  return { ...fold([]), reply, ...part }
}
