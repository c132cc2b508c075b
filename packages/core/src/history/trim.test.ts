import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Message } from './message.ts'
import { tokensOf } from './tokens.ts'
import { plainTrim } from './plain-trim.fixture.ts'
import { planTrim, trimmed } from './trim.ts'

describe('the parts that are left out of a long history', () => {
  test('are first the contents of the oldest results and files', () => {
    const history = [user('look', 'file'), reply('a'), results('a'), reply(), user('and?')]
    const trim = planTrim(history, size(history) - 100)
    expect(trim).toEqual({ messages: 0, steps: 0, contents: 1 })
    expect(trimmed(history, trim!)[0]).toEqual({
      role: 'user',
      parts: [{ kind: 'text', text: 'look\n\n[file plan.pdf left out to save room]' }],
    })
  })

  test('are the results of a turn from the first on, except unanswered ones', () => {
    const history = [user('go'), reply('a'), results('a'), reply('b'), results('b')]
    const trim = planTrim(history, size(history) - 100)
    expect(trim).toEqual({ messages: 0, steps: 0, contents: 1 })
    expect(trimmed(history, trim!).filter(({ role }) => role === 'tool')).toEqual([
      { role: 'tool', results: [result('a', '[left out to save room: 4000 characters]')] },
      results('b'),
    ])
  })

  test('are with a result also its files, whatever its text is', () => {
    const history = [user('go'), reply('a'), resultsWithImage('a'), reply('b'), results('b', 'ok')]
    const trim = planTrim(history, size(history) - 100)
    expect(trim).toEqual({ messages: 0, steps: 0, contents: 1 })
    expect(trimmed(history, trim!)[2]).toEqual({
      role: 'tool',
      results: [result('a', '[left out to save room: 3 characters; files: 1]')],
    })
  })

  test('are then the oldest turns', () => {
    const history = [user(words), reply(), user(words), reply(), user('last')]
    expect(planTrim(history, size(history) - 10)).toEqual({ messages: 2, steps: 0, contents: 0 })
    expect(planTrim(history, 60)).toEqual({ messages: 4, steps: 0, contents: 0 })
  })

  test('are then the oldest steps of the turn that is left', () => {
    const steps = ['a', 'b', 'c'].flatMap((id) => [replyOf(words, id), results(id, 'ok')])
    const history = [user('go'), ...steps]
    const trim = planTrim(history, 500)
    expect(trim).toEqual({ messages: 0, steps: 2, contents: 0 })
    expect(trimmed(history, trim!)).toEqual([user('go'), replyOf(words, 'c'), results('c', 'ok')])
  })

  test('are all possible ones when even that is too little', () => {
    const history = [user('old'), reply(), user('go'), reply('a'), results('a')]
    expect(planTrim(history, 1)).toEqual({ messages: 2, steps: 0, contents: 1 })
  })

  test('are not the results that the caller sends, until the model has answered them', () => {
    const own = { ...result('a', words), fromCaller: true as const }
    const both: Message = { role: 'tool', results: [own, result('b', words)] }
    const history = [user('go'), reply('a', 'b'), both]
    const trim = planTrim(history, 1)
    expect(trim).toEqual({ messages: 0, steps: 0, contents: 1 })
    const note = { text: expect.stringContaining('left out') as string }
    expect(trimmed(history, trim!)[2]).toMatchObject({ results: [{ text: words }, note] })

    const later = [...history, reply('c'), results('c')]
    const next = planTrim(later, size(later) - 100)
    expect(next).toEqual({ messages: 0, steps: 0, contents: 1 })
    expect(trimmed(later, next!)[2]).toMatchObject({ results: [note, { text: words }] })
  })

  test('are none when only the last message is left', () => {
    expect(planTrim([user(words)], 1)).toBeUndefined()
    expect(planTrim([], 1)).toBeUndefined()
  })
})

test('a plan always makes the history smaller, and is never needed twice', () => {
  fc.assert(
    fc.property(conversations, fc.double({ min: 0, max: 1, noNaN: true }), (history, share) => {
      const limit = size(history) * share
      const trim = planTrim(history, limit)
      if (trim === undefined) return
      const less = trimmed(history, trim)
      expect(size(less)).toBeLessThan(size(history))
      expect(less.at(-1)).toEqual(expect.objectContaining({ role: history.at(-1)?.role }))
      // Now the history fits, or nothing more can be left out.
      expect([size(less) <= limit, planTrim(less, limit)]).toContainEqual(
        size(less) <= limit ? true : undefined,
      )
    }),
  )
})

test('a plan equals that of the simple rule, which sums up the history for each cut', () => {
  fc.assert(
    fc.property(conversations, fc.double({ min: 0, max: 1, noNaN: true }), (history, share) => {
      const limit = size(history) * share
      expect(planTrim(history, limit)).toEqual(plainTrim(history, limit))
    }),
  )
})

test('a plan for a hundred thousand messages takes little time', () => {
  const turns = Array.from({ length: 50_000 }, () => [user('hi'), reply()])
  expect(planTrim([...turns.flat(), user('last')], 16)).toEqual({
    messages: 100_000,
    steps: 0,
    contents: 0,
  })
  const steps = Array.from({ length: 50_000 }, () => [reply('a'), results('a', 'ok')])
  expect(planTrim([user('go'), ...steps.flat()], 60)?.steps).toBeGreaterThan(49_990)
})

/** Results that the caller sends. */
function sentResults(id: string): Message {
  return { role: 'tool', results: [{ ...result(id, words), fromCaller: true }] }
}

const words = 'some words '.repeat(100)

/** Turns of a few steps each. The last one is still running. */
const conversations = fc
  .array(
    fc.record({
      text: fc.constantFrom('hi', words),
      steps: fc.array(fc.constantFrom(results, resultsWithImage, sentResults), { maxLength: 4 }),
      file: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((turns) =>
    turns.flatMap(({ text, steps, file }, turn) => [
      file ? user(text, 'file') : user(text),
      ...steps.flatMap((resultsOf, step) => {
        const id = `${turn}-${step}`
        return [reply(id), resultsOf(id)]
      }),
      ...(turn === turns.length - 1 ? [] : [reply()]),
    ]),
  )

function size(history: Message[]): number {
  return history.reduce((sum, message) => sum + tokensOf(message), 0)
}

function user(text: string, file?: 'file'): Message {
  const data = 'A'.repeat(100_000)
  const pdf = { kind: 'file' as const, mimeType: 'application/pdf', data, name: 'plan.pdf' }
  return { role: 'user', parts: [{ kind: 'text', text }, ...(file === undefined ? [] : [pdf])] }
}

function reply(...ids: string[]): Message {
  return replyOf('well', ...ids)
}

function replyOf(text: string, ...ids: string[]): Message {
  const calls = ids.map((callId) => ({ callId, name: 'f', arguments: {} }))
  return { role: 'assistant', parts: [{ kind: 'text', text }], calls }
}

function results(id: string, text = 'x'.repeat(4_000)): Message {
  return { role: 'tool', results: [result(id, text)] }
}

function resultsWithImage(id: string): Message {
  const image = { kind: 'file' as const, mimeType: 'image/png', data: 'AAAA' }
  return { role: 'tool', results: [{ ...result(id, 'see'), files: [image] }] }
}

function result(callId: string, text: string) {
  return { callId, name: 'f', text, failed: false }
}
