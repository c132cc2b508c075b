import type { Delta, Fact, NewDelta, NewFact } from '@longhaul/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorInStream } from '../failed-turn.ts'
import type { Item } from './output-item.ts'
import type { WireEvent } from './event-writer.ts'
import { createResponseProjection, responseOf } from './response-projection.ts'

const taskId = '01M8FD46FV07NNSW5Y7K9NTZMM'

/** The entries of one step: its parts in deltas, and its end. */
type Step = {
  parts: { kind: 'text' | 'reasoning'; pieces: string[] }[]
  end: 'reply' | 'misfit' | 'length' | 'model failed' | 'worker died'
  calls: ('returns' | 'fails' | 'is rejected' | 'is not made' | 'is left open')[]
}

const pieces = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
const step: fc.Arbitrary<Step> = fc.record({
  parts: fc.array(fc.record({ kind: fc.constantFrom('text', 'reasoning'), pieces }), {
    maxLength: 4,
  }),
  end: fc.constantFrom('reply', 'reply', 'misfit', 'length', 'model failed', 'worker died'),
  calls: fc.array(
    fc.constantFrom('returns', 'fails', 'is rejected', 'is not made', 'is left open'),
    { maxLength: 3 },
  ),
})
const turn = fc.record({
  steps: fc.array(step, { maxLength: 5 }),
  background: fc.boolean(),
  end: fc.constantFrom('completed', 'function', 'failed', 'cancelled', 'runs'),
})

/** The entries of a turn as a worker would have recorded them. */
function entriesOf({ steps, background, end }: Turn): (Fact | Delta)[] {
  const entries: (Fact | Delta)[] = []
  let count = 0
  const stamp = () => {
    const pos = entries.length + 1
    return { pos, at: pos * 1_000 }
  }
  const record = (fact: NewFact) => void entries.push({ ...fact, v: 1, ...stamp() })
  const addDelta = (delta: NewDelta) => void entries.push({ ...delta, type: 'delta', ...stamp() })
  const begin = () => record({ type: 'attempt.started', attempt: 'a', epoch: 1 })
  record({
    type: 'turn.started',
    turn: 1,
    plan: 'p',
    model: 'm',
    assistantMessageId: 'x',
    traceId: 't',
    spanId: 's',
    ...(background ? {} : { asked: { dialect: 'openai' } }),
  })
  begin()
  for (const [at, { parts, end: how, calls }] of steps.entries()) {
    const reported = parts.map(({ kind, pieces: texts }) => {
      count += 1
      const partId = `${kind}_${count}`
      for (const text of texts) addDelta({ partId, kind, text })
      return { partId, kind, text: texts.join(''), deltas: texts.length }
    })
    const common = { step: at + 1, modelIndex: 0, model: 'm', ms: 1 }
    if (how === 'model failed' || how === 'worker died') {
      if (reported.length > 0) record({ type: 'parts.abandoned', parts: reported })
      if (how === 'worker died') begin()
      else {
        const failed = { code: 'provider_failed', message: 'no', retryable: true, wait: 0 } as const
        record({ type: 'model.failed', ...common, ...failed })
      }
      continue
    }
    for (const part of reported) record({ type: 'part.finished', step: at + 1, ...part })
    const made = calls.map((what) => {
      count += 1
      return { what, callId: `call_${count}`, name: 'f', toolId: 'f' }
    })
    record({
      type: 'step.finished',
      ...common,
      reason: how === 'length' ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop',
      calls: made.map(({ callId, name, what }) => ({
        callId,
        name,
        arguments: '{}',
        ...(what === 'is not made' && { notMade: 'too many' }),
      })),
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      ...(how === 'misfit' && { problem: 'no JSON' }),
    })
    for (const { what, callId, name, toolId } of made) {
      const call = { callId, toolId }
      if (what === 'is rejected') {
        record({ type: 'review.requested', ...call, name, arguments: {}, until: 1 })
        record({ type: 'review.decided', ...call, review: 'rejected', by: 'reviewer' })
      } else if (what !== 'is not made') {
        record({ type: 'tool.called', ...call, name, arguments: {} })
        if (what === 'returns') record({ type: 'tool.returned', ...call, result: 1, ms: 1 })
        if (what === 'fails') record({ type: 'tool.failed', ...call, error: 'no', ms: 1 })
      }
    }
  }
  if (end === 'runs') return entries
  if (end === 'completed' || end === 'function') {
    const call = { callId: 'call_mine', name: 'mine', arguments: '' }
    const pending = end === 'function' ? [call] : []
    const reason = end === 'function' ? 'function_call' : 'stop'
    record({ type: 'turn.completed', reason, pending })
  } else {
    const code = end === 'cancelled' ? end : 'deadline'
    record({ type: 'turn.failed', code, message: 'over', status: 500 })
  }
  return entries
}

type Turn = { steps: Step[]; background: boolean; end: string }

function project(entries: (Fact | Delta)[]): WireEvent[] {
  const projection = createResponseProjection(taskId)
  return entries.flatMap((entry) => projection.add(entry))
}

const isDelta = ({ type }: WireEvent) =>
  type === 'response.output_text.delta' || type === 'response.reasoning_text.delta'

/** The items of a client that applies all events. An item with an unexpected index is left out. */
function accumulated(events: WireEvent[]): Item[] {
  const items: Item[] = []
  for (const { type, output_index: index, item } of events) {
    const next = type === 'response.output_item.added' && index === items.length
    if (next || type === 'response.output_item.done') items[index as number] = item as Item
  }
  return items
}

describe('the events of any turn', () => {
  test('are numbered from 0 without gaps', () => {
    fc.assert(
      fc.property(turn, (given) => {
        const events = project(entriesOf(given))
        expect(events.map(({ sequence_number: number }) => number)).toEqual(
          events.map((_, at) => at),
        )
      }),
    )
  })

  test('keep their numbers when the deltas are deleted', () => {
    fc.assert(
      fc.property(turn, (given) => {
        const entries = entriesOf(given)
        const whole = project(entries).filter((event) => !isDelta(event))
        // A part that is still streamed has only its deltas.
        const facts = entries.filter(({ type }) => type !== 'delta')
        expect(project(facts)).toEqual(whole)
      }),
    )
  })

  test('add and close each item once, with exactly the texts of the response', async () => {
    const ended = turn.filter(({ end }) => end !== 'runs')
    await fc.assert(
      fc.asyncProperty(ended, async (given) => {
        const entries = entriesOf(given)
        const events = project(entries)
        const response = await responseOf(
          taskId,
          entries.filter((entry) => entry.type !== 'delta'),
        )
        const { output, status } = response
        expect(accumulated(events)).toEqual(output)
        expect(output.filter((item) => item.status === 'in_progress')).toEqual([])
        const type = `response.${status === 'cancelled' ? 'failed' : status}`
        const error = response.error && errorInStream(response.error)
        expect(events.at(-1)).toMatchObject({ type, response: { ...response, error } })
        const errors = events.filter((event) => event.type === 'error')
        expect(errors.map(({ code, message, param }) => ({ code, message, param }))).toEqual(
          error === null ? [] : [{ code: error.code, message: error.message, param: null }],
        )
        for (const ends of ['added', 'done']) {
          const reported = events.filter((event) => event.type === `response.output_item.${ends}`)
          expect(reported).toHaveLength(output.length)
        }
      }),
    )
  })

  test('have the texts of replies and no abandoned text', async () => {
    await fc.assert(
      fc.asyncProperty(turn, async (given) => {
        const { output } = await responseOf(
          taskId,
          entriesOf(given).filter((entry) => entry.type !== 'delta'),
        )
        const answerTexts = output
          .filter(({ type }) => type === 'message')
          .flatMap(({ content }) => (content as { text: string }[]).map(({ text }) => text))
        const replies = given.steps
          .filter(({ end }) => end === 'reply' || end === 'length')
          .flatMap(({ parts }) => parts.filter(({ kind }) => kind === 'text'))
        expect(answerTexts).toEqual(replies.map(({ pieces: texts }) => texts.join('')))
      }),
    )
  })
})
