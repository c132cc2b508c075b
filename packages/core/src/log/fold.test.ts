import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fact, NewFact, PartFinished } from './fact.ts'
import { createGrowingState, fold } from './fold.ts'
import { conversationOf } from './copy-conversation.ts'
import type { PriorMessage } from '../history/prior-message.ts'
import { limits } from '../limits/limits.ts'
import type { Message } from '../history/message.ts'
import { parseArguments } from '../lib/parse-arguments.ts'

describe('a plain turn', () => {
  test('becomes a user message and an answer', () => {
    const state = fold(log(started(1, 'hello'), part('hi there'), step(1)))
    expect(state.history).toEqual([
      { role: 'user', parts: [{ kind: 'text', text: 'hello' }] },
      { role: 'assistant', parts: [{ kind: 'text', text: 'hi there' }], calls: [] },
    ])
    expect(state).toMatchObject({ turn: 1, steps: 1, text: 'hi there', open: [], facts: 3 })
  })

  test('keeps that its text is a refusal, and its sources, also in a fork', () => {
    const annotations = [{ type: 'url_citation', url: 'https://a.example' }]
    const facts = log(
      started(1, 'hello'),
      part('I will not.', { refusal: true }),
      part('See there.', { annotations }),
      step(1),
    )
    const parts = [
      { kind: 'text', text: 'I will not.', refusal: true },
      { kind: 'text', text: 'See there.', annotations },
    ]
    const state = fold(facts)
    expect(state.history[1]).toEqual({ role: 'assistant', parts, calls: [] })
    expect(conversationOf(state)[1]).toEqual({ role: 'assistant', parts, calls: [] })
  })

  test('sums usage and model time over its steps, and counts from zero in the next turn', () => {
    const usage = { inputTokens: 10, outputTokens: 2, totalTokens: 12, cachedTokens: 4 }
    const one = [started(1, 'a'), part('x'), { ...step(1), usage, ms: 5 }]
    const two = [{ ...step(2), usage, ms: 7 }]
    expect(fold(log(...one, ...two))).toMatchObject({
      usage: { inputTokens: 20, outputTokens: 4, totalTokens: 24, cachedTokens: 8 },
      modelMs: 12,
    })
    expect(fold(log(...one, ...two, completed(), started(2, 'b')))).toMatchObject({
      usage: undefined,
      modelMs: 0,
      steps: 0,
      ended: undefined,
    })
  })
})

describe('a file', () => {
  const uri = 'https://a.example/b.png'

  test('that was sent by address waits until it is fetched', () => {
    const waiting = fold(log(withFile(1)))
    expect(waiting.unread).toEqual([{ fileId: '1.1', uri, name: 'b.png' }])
    const fetched = { type: 'file.fetched', mimeType: 'image/png', data: 'AAAA' } as const
    const read = fold(log(withFile(1), { ...fetched, fileId: '1.1' }))
    expect(read.unread).toEqual([])
    expect(read.history[0]).toEqual({
      role: 'user',
      parts: [
        { kind: 'text', text: 'look' },
        { kind: 'file', mimeType: 'image/png', data: 'AAAA', name: 'b.png' },
      ],
    })
  })

  test('that could not be read is a note in the following turns', () => {
    const gone = [withFile(1), { type: 'file.failed', fileId: '1.1', error: 'gone' } as const]
    expect(fold(log(...gone))).toMatchObject({ fileFailed: { error: 'gone' } })
    const state = fold(log(...gone, failedTurn(), started(2, 'and?')))
    expect(state).toMatchObject({ unread: [], fileFailed: undefined })
    expect(state.history[0]).toMatchObject({
      parts: [{ text: 'look\n\n[file b.png could not be read]\n\nand?' }],
    })
  })

  test('that was sent with its bytes stays where it was sent', () => {
    const parts = [{ kind: 'file' as const, file: { bytes: 'QUJD', mimeType: 'application/pdf' } }]
    const sent: NewFact = { ...startedWith(1), message: { messageId: 'm', role: 'user', parts } }
    expect(fold(log(sent)).history).toEqual([
      { role: 'user', parts: [{ kind: 'file', mimeType: 'application/pdf', data: 'QUJD' }] },
    ])
  })
})

test('an answer in the wrong format is followed by the request for another', () => {
  const wrong = { ...step(1), problem: 'it is no JSON' }
  const state = fold(log(started(1, 'go'), part('well …'), wrong))
  expect(state.misfits).toBe(1)
  expect(state.history.at(-1)).toMatchObject({
    role: 'user',
    parts: [{ text: expect.stringContaining('it is no JSON') as string }],
  })
})

describe('tool calls', () => {
  test('results follow the message that requested them, in its order', () => {
    const state = fold(
      log(
        started(1, 'go'),
        step(1, 'a', 'b'),
        called('b'),
        called('a'),
        returned('b', { n: 2 }),
        returned('a', 'one'),
      ),
    )
    expect(state.history.slice(1)).toEqual([
      { role: 'assistant', parts: [], calls: [historyCall('a'), historyCall('b')] },
      { role: 'tool', results: [result('a', 'one'), result('b', '{"n":2}')] },
    ])
    expect(state.calls.map((call) => call.callId)).toEqual(['b', 'a'])
  })

  test('the next turn answers a client-side function', () => {
    const state = fold(
      log(started(1, 'go'), step(1, 'a'), completed(), answered(2, 'a', { temp: 21 })),
    )
    expect(state.open).toEqual([])
    const sent = { ...result('a', '{"temp":21}'), fromCaller: true }
    expect(state.history.at(-1)).toEqual({ role: 'tool', results: [sent] })
  })

  test('a call that an ended turn left open is answered before the next message', () => {
    const state = fold(
      log(
        started(1, 'go'),
        step(1, 'a', 'b'),
        called('a'),
        returned('a', 'one'),
        cancelled(),
        started(2, 'again'),
      ),
    )
    expect(state.history.slice(2)).toEqual([
      {
        role: 'tool',
        results: [
          result('a', 'one'),
          { ...result('b', 'not run: the turn ended before it'), failed: true },
        ],
      },
      { role: 'user', parts: [{ kind: 'text', text: 'again' }] },
    ])
  })

  test('a result above the limit is shortened for the model, with a notice', () => {
    const long = 'x'.repeat(limits.toolResultForModel + 50)
    const state = fold(log(started(1, 'go'), step(1, 'a'), called('a'), returned('a', long)))
    const last = state.history.at(-1)
    const text = last?.role === 'tool' ? (last.results[0]?.text ?? '') : ''
    expect(text).toMatch(/x\n\[cut: 50 of 102450 characters left out\]$/)
    expect(state.calls[0]?.result).toBe(long)
  })
})

describe('a turn that redrives a failed one', () => {
  test('adds no message, and counts from zero', () => {
    const usage = { inputTokens: 10, outputTokens: 2, totalTokens: 12 }
    const one = [
      started(1, 'go'),
      { ...step(1, 'a'), usage },
      called('a'),
      returned('a', 'one'),
      failed(),
      failedTurn(),
    ]
    const before = fold(log(...one))
    const state = fold(log(...one, redriven(2)))
    expect(state.history).toEqual(before.history)
    expect(state).toMatchObject({
      turn: 2,
      steps: 0,
      modelMs: 0,
      calls: [],
      failures: [],
      facts: 7,
    })
    expect(state).toMatchObject({ usage: undefined, ended: undefined, reply: undefined })
    expect(fold(log(...one, redriven(2), { ...step(1), usage }))).toMatchObject({ usage, steps: 1 })
  })

  test('has the open calls, and knows which of them were begun and which turn requested them', () => {
    const one = [
      started(1, 'go'),
      step(1, 'a', 'b', 'c'),
      called('a'),
      called('b'),
      returned('b', 'two'),
      failedTurn(),
    ]
    const state = fold(log(...one, redriven(2)))
    expect(state.open.map(({ callId }) => callId)).toEqual(['a', 'c'])
    expect(state).toMatchObject({ callsBegunBefore: new Set('a'), stepOfRequest: 1 })
    const again = fold(log(...one, redriven(2), failedTurn(), redriven(3)))
    expect(again).toMatchObject({
      callsBegunBefore: new Set('a'),
      stepOfRequest: 1,
      stepsBefore: 1,
    })
    const done = [called('a'), returned('a', 'one'), called('c'), returned('c', 'three')]
    const after = fold(log(...one, redriven(2), ...done))
    expect(after.history.at(-1)).toMatchObject({
      results: [{ text: 'one' }, { text: 'two' }, { text: 'three' }],
    })
    expect(after.calls).toMatchObject([{ result: 'one' }, { result: 'three' }])
    expect(fold(log(...one, redriven(2), ...done, step(1, 'd')))).toMatchObject({
      stepOfRequest: 2,
    })
  })

  test('keeps a complete answer, and no other', () => {
    const one = [started(1, 'go'), part('hi'), step(1), failedTurn(), redriven(2)]
    expect(fold(log(...one))).toMatchObject({ reply: { step: 1 }, text: 'hi', lastAnswer: 'hi' })
    const wrong = [started(1, 'go'), part('hi'), { ...step(1), problem: 'it is no JSON' }]
    expect(fold(log(...wrong, failedTurn(), redriven(2)))).toMatchObject({
      reply: undefined,
      text: '',
      misfits: 0,
    })
  })

  test('fetches its files again', () => {
    const gone = [withFile(1), { type: 'file.failed', fileId: '1.1', error: 'gone' } as const]
    const state = fold(log(...gone, failedTurn(), redriven(2)))
    expect(state).toMatchObject({ unread: [{ fileId: '1.1' }], fileFailed: undefined })
    const fetched = { type: 'file.fetched', mimeType: 'image/png', data: 'AAAA' } as const
    const read = fold(log(...gone, failedTurn(), redriven(2), { ...fetched, fileId: '1.1' }))
    expect(read).toMatchObject({ unread: [], history: [{ parts: [{}, { data: 'AAAA' }] }] })
  })
})

describe('content that a model cannot receive', () => {
  test('blank text becomes a placeholder, a blank reply is left out', () => {
    const state = fold(log(started(1, '  '), part(' \n'), step(1), completed(), started(2, 'b')))
    expect(state.history).toEqual([
      { role: 'user', parts: [{ kind: 'text', text: '(empty message)\n\nb' }] },
    ])
  })

  test('the parts of a failed call are left out', () => {
    const state = fold(log(started(1, 'a'), part('half an ans'), failed(), part('whole'), step(1)))
    expect(state.history.at(-1)).toMatchObject({ parts: [{ kind: 'text', text: 'whole' }] })
    expect(state.failures).toEqual([])
  })
})

test('folding a long turn takes time in proportion to it', () => {
  const [short, long] = [turnOf(500), turnOf(5_000)]
  fold(long)
  // With ten times as many facts, the work would grow a hundredfold if each fact examined all before it.
  expect(costOf(() => fold(long))).toBeLessThan(
    40 *
      Math.max(
        costOf(() => fold(short)),
        1,
      ),
  )
})

test.each([
  ['', {}],
  ['  ', {}],
  ['{"a":1}', { a: 1 }],
  ['[1]', undefined],
  ['"text"', undefined],
  ['{"a":', undefined],
])('arguments %j are read as %j', (text, value) => {
  expect(parseArguments(text)).toEqual(value)
})

test('every history is valid for every provider, whatever happened', () => {
  fc.assert(
    fc.property(happenings, (reported) => {
      const state = fold(log(started(1, 'begin'), ...factsOf(reported)))
      expect(
        problemsOf(
          state.history,
          state.open.map((call) => call.callId),
        ),
      ).toEqual([])
    }),
    { numRuns: 2_000 },
  )
})

describe('a conversation that was copied', () => {
  test('continues like the original', () => {
    fc.assert(
      fc.property(happenings, (reported) => {
        const all = [started(1, 'begin'), ...factsOf(reported)]
        const state = fold(log(...all))
        fc.pre(state.unread.length === 0)
        const copy = { ...startedWith(1), before: conversationOf(state), message: saying('next') }
        const [onward, forked] = [fold(log(...all, started(9, 'next'))), fold(log(copy))]
        expect(withoutSender(forked.history)).toEqual(withoutSender(onward.history))
        expect(forked.directions).toEqual(onward.directions)
      }),
      { numRuns: 1_000 },
    )
  })

  test('has a note in place of a file that was not read', () => {
    const state = fold(log(withFile(1)))
    expect(conversationOf(state)).toEqual([
      {
        role: 'user',
        parts: [
          { kind: 'text', text: 'look' },
          { kind: 'text', text: '[file b.png could not be read]' },
        ],
      },
    ])
  })
})

describe('prior messages', () => {
  const file = { kind: 'file' as const, file: { uri: 'https://a.example/b.png' } }
  const fact: NewFact = {
    ...startedWith(1),
    before: [
      { role: 'system', text: 'Softly.' },
      { role: 'assistant', parts: [{ kind: 'text', text: 'Well?' }], calls: [] },
      { role: 'user', parts: [file] },
      { role: 'assistant', parts: [], calls: [{ callId: 'c', name: 'f', arguments: '{"a":1}' }] },
      { role: 'tool', results: [{ callId: 'c', result: { b: 2 } }] },
    ],
    message: saying('and?'),
  }

  test('precede the message, and instructions are kept apart', () => {
    const state = fold(log(fact))
    expect(state.directions).toEqual(['Softly.'])
    expect(state.history).toMatchObject([
      { role: 'user', parts: [{ text: '(empty message)' }] },
      { role: 'assistant', parts: [{ text: 'Well?' }] },
      { role: 'user', parts: [{ kind: 'file', data: '' }] },
      { role: 'assistant', calls: [{ callId: 'c', arguments: { a: 1 } }] },
      { role: 'tool', results: [{ callId: 'c', text: '{"b":2}', failed: false }] },
      { role: 'user', parts: [{ text: 'and?' }] },
    ])
    expect(state.unread).toEqual([{ fileId: '1.2.0', uri: 'https://a.example/b.png' }])
    expect(state.callIds).toContain('c')
  })

  test('apply to the following turns, too', () => {
    const state = fold(log(fact, completed(), started(2, 'go on')))
    expect(state.directions).toEqual(['Softly.'])
  })
})

test('folding does not depend on what was folded before', () => {
  fc.assert(
    fc.property(happenings, (reported) => {
      const all = log(started(1, 'begin'), ...factsOf(reported))
      const before = JSON.stringify(all)
      expect(fold(all)).toEqual(fold(all))
      expect(JSON.stringify(all)).toBe(before)
    }),
    { numRuns: 200 },
  )
})

test('the state of a log that grows is the state of the whole log', () => {
  fc.assert(
    fc.property(happenings, (reported) => {
      const growing = createGrowingState()
      const all: Fact[] = []
      for (const fact of log(started(1, 'begin'), ...factsOf(reported))) {
        // A fact is folded before its time is known.
        const proposed = { ...fact, at: fact.at - 1, pos: fact.pos - 1 }
        all.push(proposed)
        expect(growing.of(all)).toEqual(fold(all))
        Object.assign(proposed, { at: fact.at, pos: fact.pos })
        expect(growing.of(all)).toEqual(fold(all))
      }
    }),
    { numRuns: 100 },
  )
})

function turnOf(steps: number): Fact[] {
  const facts = [started(1, 'go')]
  for (let at = 0; at < steps; at += 1) {
    const id = `c${at}`
    facts.push(step(at, id), called(id), returned(id, 'x'))
  }
  return log(...facts)
}

/** The best time of five runs, milliseconds. */
function costOf(work: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  })
  return Math.min(...times)
}

/** Everything that a strict vendor would refuse: order of roles, unanswered or unrequested calls, blank content. */
function problemsOf(history: Message[], open: string[]): string[] {
  const problems: string[] = []
  if (history[0]?.role !== 'user') problems.push('does not begin with the user')
  for (const [at, message] of history.entries()) {
    const next = history[at + 1]
    switch (message.role) {
      case 'user':
        if (message.parts.length === 0) problems.push(`${at}: says nothing`)
        if (message.parts.some((each) => each.kind === 'text' && each.text.trim() === ''))
          problems.push(`${at}: blank user message`)
        if (
          message.parts.some(
            (each, i) => each.kind === 'text' && message.parts[i + 1]?.kind === 'text',
          )
        )
          problems.push(`${at}: two texts in a row`)
        if (next?.role === 'user') problems.push(`${at}: two user messages in a row`)
        break
      case 'assistant': {
        if (next?.role === 'assistant') problems.push(`${at}: two replies in a row`)
        if (message.parts.some((each) => each.text.trim() === ''))
          problems.push(`${at}: blank part`)
        if (message.parts.length + message.calls.length === 0) problems.push(`${at}: says nothing`)
        const requested = message.calls.map((call) => call.callId)
        if (new Set(requested).size !== requested.length) problems.push(`${at}: repeats a call id`)
        const waits = next === undefined && requested.some((id) => open.includes(id))
        const answeredIds = next?.role === 'tool' ? next.results.map((each) => each.callId) : []
        if (!waits && requested.join() !== answeredIds.join())
          problems.push(`${at}: ${requested.join()} answered by ${answeredIds.join()}`)
        break
      }
      case 'tool':
        if (history[at - 1]?.role !== 'assistant') problems.push(`${at}: results without a request`)
        if (message.results.some((each) => each.text.trim() === ''))
          problems.push(`${at}: blank result`)
        break
    }
  }
  return problems
}

type Happening =
  | { before: ('system' | 'user' | 'silent' | 'assistant' | 'call' | 'answered call')[] }
  | { step: number; tooMany: number }
  | { toCall: number; fact: (callId: string) => NewFact }
  | { fact: NewFact }

const text = fc.constantFrom('', ' ', 'a', 'some words')

/** Any fact at any time. Orders that no worker writes are folded, too. */
const happenings = fc.array(
  fc.oneof(
    fc.record({
      before: fc.array(
        fc.constantFrom('system', 'user', 'silent', 'assistant', 'call', 'answered call'),
        { maxLength: 4 },
      ),
    }),
    fc.record({ step: fc.nat(3), tooMany: fc.nat(2) }),
    fc.record({
      toCall: fc.nat(4),
      fact: fc.oneof(
        fc.constantFrom(called, toolFailed, reviewed('approved'), reviewed('rejected'), toReview),
        text.map((words) => (callId: string) => returned(callId, words)),
        text.map((words) => (callId: string) => answered(2, callId, words)),
      ),
    }),
    fc.record({
      fact: fc.oneof(
        text.map((words) => started(2, words)),
        text.map((words) => part(words)),
        fc.record({ messages: fc.nat(6), steps: fc.nat(2), contents: fc.nat(3) }).map((trim) => ({
          type: 'context.trimmed' as const,
          because: 'budget' as const,
          ...trim,
        })),
        fc.constantFrom<NewFact>(
          failed(),
          completed(),
          cancelled(),
          withFile(2),
          { type: 'file.fetched', fileId: '2.1', mimeType: 'image/png', data: 'AAAA' },
          { type: 'file.failed', fileId: '2.1', error: 'gone' },
          { ...step(1), problem: 'is no JSON' },
          { type: 'cancel.requested', reason: 'x' },
          failedTurn(),
          redriven(2),
        ),
      ),
    }),
  ),
  { maxLength: 40 },
)

/** Calls get new ids, as from a worker. A fact about a call refers to one of the latest calls. */
function factsOf(reported: Happening[]): NewFact[] {
  let calls = 0
  return reported.map((happening): NewFact => {
    if ('before' in happening) {
      const before = happening.before.flatMap((what): PriorMessage[] => {
        if (what === 'system') return [{ role: what, text: 'Softly.' }]
        if (what === 'user') return [{ role: what, parts: [{ kind: 'text', text: 'before' }] }]
        if (what === 'silent') return [{ role: 'assistant', parts: [], calls: [] }]
        const parts = [{ kind: 'text' as const, text: what }]
        if (what === 'assistant') return [{ role: what, parts, calls: [] }]
        const call = { callId: `c${(calls += 1)}`, name: 'f', arguments: '{}' }
        const asked: PriorMessage = { role: 'assistant', parts, calls: [call] }
        const { callId } = call
        return what === 'call'
          ? [asked]
          : [asked, { role: 'tool', results: [{ callId, result: 'x', failed: true }] }]
      })
      return { ...startedWith(2), before, message: saying('after') }
    }
    if ('step' in happening) {
      const fresh = Array.from({ length: happening.step }, () => `c${(calls += 1)}`)
      const made = step(1, ...fresh)
      const past = Array.from({ length: happening.tooMany }, () => `c${(calls += 1)}`)
      const others = step(1, ...past).calls.map((call) => ({ ...call, notMade: 'too many' }))
      return { ...made, calls: [...made.calls, ...others] }
    }
    return 'toCall' in happening ? happening.fact(`c${calls - happening.toCall}`) : happening.fact
  })
}

function log(...facts: NewFact[]): Fact[] {
  return facts.map((fact, at) => ({ ...fact, v: 1, pos: at + 1, at: 1_000 + at }))
}

function started(turn: number, words: string): NewFact {
  return { ...startedWith(turn), message: saying(words) }
}

function saying(words: string) {
  return {
    messageId: 'm',
    role: 'user' as const,
    parts: [{ kind: 'text' as const, text: words }],
  }
}

/** A text and a file that must be fetched. */
function withFile(turn: number): NewFact {
  const parts = [
    { kind: 'text' as const, text: 'look' },
    { kind: 'file' as const, file: { uri: 'https://a.example/b.png', name: 'b.png' } },
  ]
  return { ...startedWith(turn), message: { messageId: 'm', role: 'user', parts } }
}

function failedTurn(): NewFact {
  return { type: 'turn.failed', code: 'provider_failed', message: 'x', status: 502 }
}

function redriven(turn: number): NewFact {
  return { ...startedWith(turn), redrive: { turn: turn - 1, userMessageId: 'm' } }
}

function answered(turn: number, callId: string, value: unknown): NewFact {
  const parts = [{ kind: 'tool_result' as const, callId, result: value }]
  return { ...startedWith(turn), message: { messageId: 'm', role: 'tool', parts } }
}

function startedWith(turn: number) {
  const ids = { assistantMessageId: 'am', traceId: 't', spanId: 's' }
  return { type: 'turn.started' as const, turn, plan: 'p', model: 'x/y', ...ids }
}

function part(words: string, more: Partial<PartFinished> = {}): NewFact {
  return {
    type: 'part.finished',
    step: 1,
    partId: 'text_1',
    kind: 'text',
    text: words,
    deltas: 1,
    ...more,
  }
}

function step(number: number, ...calls: string[]) {
  return {
    type: 'step.finished' as const,
    step: number,
    modelIndex: 0,
    model: 'x/y',
    reason: 'stop' as const,
    calls: calls.map((callId) => ({ callId, name: 'f', arguments: '{}' })),
    ms: 1,
  }
}

function called(callId: string): NewFact {
  return { type: 'tool.called', callId, toolId: 'f', name: 'f', arguments: {} }
}

function toReview(callId: string): NewFact {
  return { type: 'review.requested', callId, toolId: 'f', name: 'f', arguments: {}, until: 1 }
}

function reviewed(review: 'approved' | 'rejected') {
  return (callId: string): NewFact => ({
    type: 'review.decided',
    callId,
    toolId: 'f',
    review,
    by: 'reviewer',
    ...(review === 'approved' && { arguments: { a: 1 } }),
  })
}

function returned(callId: string, value: unknown): NewFact {
  return { type: 'tool.returned', callId, toolId: 'f', result: value, ms: 1 }
}

function toolFailed(callId: string): NewFact {
  return { type: 'tool.failed', callId, toolId: 'f', error: 'broke', ms: 1 }
}

function failed(): NewFact {
  return {
    type: 'model.failed',
    step: 1,
    modelIndex: 0,
    model: 'x/y',
    code: 'provider_failed',
    message: 'no',
    retryable: true,
    wait: 0,
    ms: 1,
  }
}

function completed(): NewFact {
  return { type: 'turn.completed', reason: 'stop', pending: [] }
}

function cancelled(): NewFact {
  return { type: 'turn.failed', code: 'cancelled', message: 'x', status: 409 }
}

/** A history without the marks of results that the caller sent: all results of a copy have them. */
function withoutSender(history: Message[]): Message[] {
  return history.map((message): Message => {
    if (message.role !== 'tool') return message
    const results = message.results.map((each) => {
      const { fromCaller: _, ...read } = each
      return read
    })
    return { ...message, results }
  })
}

function historyCall(callId: string) {
  return { callId, name: 'f', arguments: {} }
}

function result(callId: string, words: string) {
  return { callId, name: 'f', text: words, failed: false }
}
