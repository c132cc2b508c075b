import { describe, expect, test } from 'vitest'
import type { InputFile, Message } from '../history/message.ts'
import { limits } from '../limits/limits.ts'
import { requestSize } from '../turn/request-size.ts'
import { conversationOf } from './copy-conversation.ts'
import type { Fact, NewFact } from './fact.ts'
import { fold } from './fold.ts'
import { heldFact } from './held-fact.ts'

const png: InputFile = { bytes: 'AAAA', mimeType: 'image/png', name: 'a.png' }
const image = { kind: 'file', mimeType: 'image/png', data: 'AAAA', name: 'a.png' }
const byAddress: InputFile = { uri: 'https://a.example/b.png', name: 'b.png' }

describe('the files of a result', () => {
  test.each([
    ['of a tool', (files: InputFile[]) => [returned('c1', 'see', files)]],
    ['of the caller', (files: InputFile[]) => [completed, answered('c1', 'see', files)]],
    ['of a prior message', (files: InputFile[]) => [completed, priorResult('c1', 'see', files)]],
  ])('%s are in the history', (_, factsOf) => {
    const { history } = fold(log(...begun, ...factsOf([png])))
    expect(history[2]).toMatchObject(resultsOf({ text: 'see', files: [image] }))
  })

  test('are named where the result has no text', () => {
    const { history } = fold(log(...begun, returned('c1', '', [png])))
    expect(history[2]).toMatchObject(resultsOf({ text: '(the files follow)', files: [image] }))
  })

  test('are counted for the turn', () => {
    expect(fold(log(...begun, returned('c1', '', [png, png]))).resultFiles).toEqual({
      count: 2,
      characters: 8,
    })
    const next = [completed, message('next')]
    expect(fold(log(...begun, returned('c1', '', [png]), ...next)).resultFiles.count).toBe(0)
  })

  test('count for the size of the request', () => {
    const large = { ...png, bytes: 'A'.repeat(1_000) }
    expect(sizeWith(returned('c1', 'x', [large])) - sizeWith(returned('c1', 'x'))).toBe(1_000)
  })
})

describe('a file of a result that was sent by address', () => {
  const sent = [...begun, completed, answered('c1', 'see', [png, byAddress])]
  const failed: NewFact[] = [
    { type: 'file.failed', fileId: '2.r0.1', error: 'gone' },
    { type: 'turn.failed', code: 'file_unavailable', message: 'gone', status: 422 },
  ]

  test('waits until it is fetched', () => {
    const { unread, history } = fold(log(...sent))
    expect(unread).toEqual([{ fileId: '2.r0.1', ...byAddress }])
    expect(history[2]).toMatchObject(resultsOf({ text: 'see', files: [image, { data: '' }] }))
    const fetched = { type: 'file.fetched', fileId: '2.r0.1', mimeType: 'image/gif' } as const
    const state = fold(log(...sent, { ...fetched, data: 'BBBB' }))
    const file = { kind: 'file', mimeType: 'image/gif', data: 'BBBB', name: 'b.png' }
    expect([state.unread, state.history[2]]).toMatchObject([
      [],
      resultsOf({ text: 'see', files: [image, file] }),
    ])
  })

  test('is a note in the following turns when it could not be read', () => {
    const { unread, history } = fold(log(...sent, ...failed, message('and?')))
    expect(unread).toEqual([])
    const text = 'see\n[file b.png could not be read]'
    expect(history[2]).toMatchObject(resultsOf({ text, files: [image] }))
  })

  test('is fetched again when the turn is redriven', () => {
    const { message: _, ...again } = message('')
    const redrive = { turn: 2, userMessageId: 'm' }
    const { unread } = fold(log(...sent, ...failed, { ...again, redrive }))
    expect(unread).toEqual([{ fileId: '2.r0.1', ...byAddress }])
  })

  test('is not fetched where no call waits for the result', () => {
    expect(fold(log(...begun, completed, answered('c9', 'x', [byAddress]))).unread).toEqual([])
  })

  test('has another id than the files of messages', () => {
    const fact = priorResult('c1', 'x', [byAddress])
    const parts = [{ kind: 'file' as const, file: byAddress }]
    const before = [...fact.before, { role: 'user' as const, parts }]
    const both = { ...fact, before, message: { ...fact.message, parts } }
    const { unread } = fold(log(...begun, completed, both))
    expect(unread.map(({ fileId }) => fileId)).toEqual(['2.0.r0.0', '2.1.0', '2.0'])
  })
})

test('a copy of a conversation has the files of its results', () => {
  const state = fold(log(...begun, returned('c1', 'see', [png])))
  const copied = conversationOf(state)
  expect(copied.at(-1)).toEqual({
    role: 'tool',
    results: [{ callId: 'c1', result: 'see', files: [png] }],
  })
  const fork: NewFact = { ...message('next'), turn: 1, before: copied, copied: copied.length }
  expect(fold(log(fork)).history.slice(0, 3)).toMatchObject(state.history)

  const unread = fold(log(...begun, completed, answered('c1', '', [byAddress])))
  expect(conversationOf(unread).at(-1)).toEqual({
    role: 'tool',
    results: [{ callId: 'c1', result: '[file b.png could not be read]' }],
  })
})

describe('a long result', () => {
  const long = 'x'.repeat(3 * limits.toolResultForModel)
  const rows = { rows: Array.from({ length: 50_000 }, (_, at) => at) }

  test.each([long, rows])('of the caller reaches the model whole, held or not', (result) => {
    const text = typeof result === 'string' ? result : JSON.stringify(result)
    for (const fact of [answered('c1', result), priorResult('c1', result)]) {
      const facts = log(...begun, completed, fact)
      for (const read of [facts, facts.map(heldFact)]) {
        expect(fold(read).history[2]).toMatchObject(resultsOf({ text }))
      }
    }
  })

  test('that was cut for a model is not cut again in a copy', () => {
    const state = fold(log(...begun, returned('c1', long)))
    const fork: NewFact = { ...message('next'), turn: 1, before: conversationOf(state) }
    expect(fold(log(fork)).history[2]).toMatchObject(state.history[2] ?? {})
  })
})

const begun: NewFact[] = [
  { ...message('go'), turn: 1 },
  {
    type: 'step.finished',
    step: 1,
    modelIndex: 0,
    model: 'm/m',
    reason: 'tool_calls',
    calls: [{ callId: 'c1', name: 'f', arguments: '{}' }],
    ms: 1,
  },
]

const completed: NewFact = { type: 'turn.completed', reason: 'function_call', pending: [] }

function resultsOf(result: { text: string; files?: object[] }): Message {
  return {
    role: 'tool',
    results: [{ callId: 'c1', name: 'f', failed: false, ...result }],
  } as Message
}

function sizeWith(fact: NewFact): number {
  const plan = { system: '', tools: [] } as unknown as Parameters<typeof requestSize>[0]
  return requestSize(plan, fold(log(...begun, fact)).history, limits.file)
}

function returned(callId: string, result: unknown, files?: InputFile[]): NewFact {
  return { type: 'tool.returned', callId, toolId: 't', result, ms: 1, ...(files && { files }) }
}

function answered(callId: string, result: unknown, files?: InputFile[]): NewFact {
  const part = { kind: 'tool_result' as const, callId, result, ...(files && { files }) }
  return { ...message(''), message: { messageId: 'm', role: 'tool', parts: [part] } }
}

function priorResult(callId: string, result: unknown, files?: InputFile[]) {
  const prior = { callId, result, ...(files && { files }) }
  return { ...message('and?'), before: [{ role: 'tool' as const, results: [prior] }] }
}

function message(text: string) {
  return {
    type: 'turn.started' as const,
    turn: 2,
    plan: 'p',
    model: 'm/m',
    message: { messageId: 'm', role: 'user' as const, parts: [{ kind: 'text' as const, text }] },
    assistantMessageId: 'a',
    traceId: 't',
    spanId: 's',
  }
}

function log(...facts: NewFact[]): Fact[] {
  return facts.map((fact, at) => ({ ...fact, v: 1, pos: at + 1, at: 1 }))
}
