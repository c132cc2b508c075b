import {
  type Delta,
  type Fact,
  type NewDelta,
  type NewFact,
  parseItemId,
  type PartFinished,
  type PriorMessage,
} from '@longhaul/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { itemsOfTurn } from '../input/items-of-turn.ts'
import { errorInStream } from '../failed-turn.ts'
import type { Item } from './output-item.ts'
import type { WireEvent } from './event-writer.ts'
import { createResponseProjection, responseOf } from './response-projection.ts'

const taskId = '01M8FD46FV07NNSW5Y7K9NTZMM'

/** The entries of one step: its parts in deltas, and its end. */
type Step = {
  parts: { kind: 'text' | 'reasoning' | 'refusal'; pieces: string[]; sources: number }[]
  end: 'reply' | 'misfit' | 'length' | 'model failed' | 'worker died'
  calls: ('returns' | 'fails' | 'is rejected' | 'is not made' | 'is left open')[]
}

const pieces = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
const step: fc.Arbitrary<Step> = fc.record({
  parts: fc.array(
    fc.record({
      kind: fc.constantFrom('text', 'reasoning', 'refusal'),
      pieces,
      sources: fc.nat({ max: 2 }),
    }),
    { maxLength: 4 },
  ),
  end: fc.constantFrom('reply', 'reply', 'misfit', 'length', 'model failed', 'worker died'),
  calls: fc.array(
    fc.constantFrom('returns', 'fails', 'is rejected', 'is not made', 'is left open'),
    { maxLength: 3 },
  ),
})
const turn = fc.record({
  steps: fc.array(step, { maxLength: 5 }),
  background: fc.boolean(),
  summarized: fc.boolean(),
  end: fc.constantFrom('completed', 'function', 'failed', 'cancelled', 'runs'),
})

/** The entries of a turn as a worker would have recorded them. */
function entriesOf({ steps, background, summarized, end }: Turn): (Fact | Delta)[] {
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
    ...(background
      ? {}
      : { asked: { dialect: 'openai', ...(summarized && { reasoning: { summary: 'auto' } }) } }),
  })
  begin()
  for (const [at, { parts, end: how, calls }] of steps.entries()) {
    const fails = how === 'model failed' || how === 'worker died'
    const reported = parts.map(({ kind: form, pieces: texts, sources }) => {
      count += 1
      const kind = form === 'reasoning' ? form : 'text'
      // The fact of an abandoned part does not say that it is a refusal.
      const refusal = form === 'refusal' && !fails && ({ refusal: true } as const)
      const partId = `${kind}_${count}`
      for (const text of texts) addDelta({ partId, kind, text, ...refusal })
      const annotations = Array.from({ length: sources }, (_, index) => ({
        type: 'file_path',
        index,
      }))
      const cited = form === 'text' && sources > 0 && { annotations }
      return {
        partId,
        kind,
        text: texts.join(''),
        deltas: texts.length,
        ...refusal,
        ...cited,
      } as const
    })
    const common = { step: at + 1, modelIndex: 0, model: 'm', ms: 1 }
    if (fails) {
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

type Turn = { steps: Step[]; background: boolean; summarized: boolean; end: string }

function project(entries: (Fact | Delta)[]): WireEvent[] {
  const projection = createResponseProjection(taskId)
  return entries.flatMap((entry) => projection.add(entry))
}

const isDelta = ({ type }: WireEvent) => type.endsWith('.delta') && !type.includes('arguments')

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

  test('have items that can be read again by their ids', async () => {
    const ended = turn.filter(({ end }) => end !== 'runs')
    await fc.assert(
      fc.asyncProperty(ended, async (given) => {
        const facts = entriesOf(given).filter((entry) => entry.type !== 'delta')
        const { output } = await responseOf(taskId, facts)
        const items = await itemsOfTurn(taskId, facts)
        expect([...items.keys()]).toEqual(output.map(({ id }) => id))
        for (const [at, item] of output.entries()) {
          expect(parseItemId(item.id)).toEqual({ taskId, turn: 1, side: 'output', index: at })
          expect(shown(items.get(item.id) ?? [])).toEqual(wanted(item))
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
          .flatMap(({ content }) => content as { text?: string; refusal?: string }[])
          .map(({ text, refusal }) => text ?? refusal)
        const replies = given.steps
          .filter(({ end }) => end === 'reply' || end === 'length')
          .flatMap(({ parts }) => parts.filter(({ kind }) => kind !== 'reasoning'))
        expect(answerTexts).toEqual(replies.map(({ pieces: texts }) => texts.join('')))
      }),
    )
  })
})

type Shown = { text?: string; refusal?: string }

/** The texts, the name and the outcome that an item shows. */
function wanted(item: Item): unknown[] {
  if (item.type === 'message' || item.type === 'reasoning') {
    return (item['content'] as Shown[]).map(({ text, refusal }) => text ?? refusal)
  }
  if (item.type === 'function_call') return [item['name']]
  const error = item['error'] as { content: Shown[] } | null
  // A call without an outcome has not ended.
  const notEnded = 'not run: the turn ended before it'
  return [item['name'], item['output'] ?? error?.content[0]?.text ?? notEnded]
}

/** The same of the messages to which an item is read. */
function shown(messages: PriorMessage[]): unknown[] {
  return messages.flatMap((message): unknown[] => {
    if (message.role === 'tool') return message.results.map(({ result }) => String(result))
    if (message.role !== 'assistant') return []
    return [...message.parts.map(({ text }) => text), ...message.calls.map(({ name }) => name)]
  })
}

/** The events of a turn whose only step has this part, and its item. */
function showPart(
  part: { text: string; kind: 'text' | 'reasoning' } & Partial<PartFinished>,
  asked = {},
) {
  const [partId, deltas] = [`${part.kind}_1`, 1]
  const facts: NewFact[] = [
    {
      type: 'turn.started',
      turn: 1,
      plan: 'p',
      model: 'm',
      assistantMessageId: 'x',
      traceId: 't',
      spanId: 's',
      asked: { dialect: 'openai', ...asked },
    },
    { type: 'part.finished', step: 1, partId, deltas, ...part },
    { type: 'step.finished', step: 1, modelIndex: 0, model: 'm', ms: 1, reason: 'stop', calls: [] },
  ]
  const { kind, text, refusal } = part
  const delta: Delta = {
    type: 'delta',
    partId,
    kind,
    text,
    ...(refusal && { refusal }),
    pos: 2,
    at: 1,
  }
  const [first, ...rest] = facts.map((fact, at) => ({ ...fact, v: 1, pos: at, at: 1 }))
  const events = project([first!, delta, ...rest])
  return { types: events.map(({ type }) => type), events, item: events.at(-1)?.['item'] }
}

test('reasoning of a summarized response is also a summary, with its events', () => {
  const { types, item, events } = showPart(
    { kind: 'reasoning', text: 'Hm.' },
    { reasoning: { summary: 'auto' } },
  )
  expect(types).toEqual([
    'response.created',
    'response.output_item.added',
    'response.reasoning_summary_part.added',
    'response.content_part.added',
    'response.reasoning_summary_text.delta',
    'response.reasoning_text.delta',
    'response.reasoning_summary_text.done',
    'response.reasoning_summary_part.done',
    'response.reasoning_text.done',
    'response.content_part.done',
    'response.output_item.done',
  ])
  expect(item).toMatchObject({
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: 'Hm.' }],
    content: [{ type: 'reasoning_text', text: 'Hm.' }],
  })
  expect(events[4]).toMatchObject({ summary_index: 0, delta: 'Hm.', output_index: 0 })
  const plain = showPart({ kind: 'reasoning', text: 'Hm.' })
  expect(plain.item).toMatchObject({ summary: [], content: [{ text: 'Hm.' }] })
  expect(plain.types.filter((type) => type.includes('summary'))).toEqual([])
})

test('a refusal stays a refusal', () => {
  const { types, item, events } = showPart({ kind: 'text', text: 'No.', refusal: true })
  expect(types.slice(2)).toEqual([
    'response.content_part.added',
    'response.refusal.delta',
    'response.refusal.done',
    'response.content_part.done',
    'response.output_item.done',
  ])
  expect(events[2]).toMatchObject({ part: { type: 'refusal', refusal: '' } })
  expect(events[4]).toMatchObject({ refusal: 'No.', content_index: 0 })
  expect(item).toMatchObject({ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] })
})

test('the sources of a text are its annotations, with an event for each', () => {
  const source = { type: 'url_citation', url: 'https://a.example', title: 'A' }
  const annotations = [
    { ...source, start_index: 0, end_index: 1 },
    { ...source, start_index: 1, end_index: 3 },
  ]
  const { types, item, events } = showPart({ kind: 'text', text: 'Yes', annotations })
  expect(types.slice(4)).toEqual([
    'response.output_text.annotation.added',
    'response.output_text.annotation.added',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
  ])
  expect(events[5]).toMatchObject({ annotation_index: 1, annotation: annotations[1] })
  expect(item).toMatchObject({ content: [{ type: 'output_text', text: 'Yes', annotations }] })
})
