import type { TurnStarted } from '@longhaul/core'
import { expect, test } from 'vitest'
import { inputItemsBody } from './input-items.ts'

const task = '01M8NRCQAG0WQ1S8Y2HYK5R9NP'

function itemsOf(before: NonNullable<TurnStarted['before']>, asked = {}) {
  const started: TurnStarted = {
    type: 'turn.started',
    turn: 1,
    plan: 'p',
    model: 'm',
    before,
    message: { messageId: 'x', role: 'user', parts: [{ kind: 'text', text: 'Go on.' }] },
    assistantMessageId: 'y',
    traceId: 't',
    spanId: 's',
    asked: { dialect: 'openai', ...asked },
  }
  return inputItemsBody(task, started, { order: 'asc' }).data
}

const thought = { kind: 'reasoning' as const, text: 'Hm.' }

test('reasoning has a summary if the request asks for one', () => {
  const before = [{ role: 'assistant' as const, parts: [thought], calls: [] }]
  const content = [{ type: 'reasoning_text', text: 'Hm.' }]
  expect(itemsOf(before)[0]).toMatchObject({ type: 'reasoning', summary: [], content })
  expect(itemsOf(before, { reasoning: { summary: 'auto' } })[0]).toMatchObject({
    summary: [{ type: 'summary_text', text: 'Hm.' }],
    content,
  })
})

test('refusals, sources and files of results are shown as they were sent', () => {
  const source = { type: 'url_citation', url: 'https://a.example', title: 'A' }
  const image = { uri: 'https://a.example/cat.png' }
  const [answer, result] = itemsOf([
    {
      role: 'assistant',
      parts: [
        { kind: 'text', text: 'Yes.', annotations: [source] },
        { kind: 'text', text: 'No.', refusal: true },
      ],
      calls: [],
    },
    { role: 'tool', results: [{ callId: 'c1', result: 'A cat.', files: [image] }] },
  ])
  expect(answer).toMatchObject({
    content: [
      { type: 'output_text', text: 'Yes.', annotations: [source] },
      { type: 'refusal', refusal: 'No.' },
    ],
  })
  expect(result).toMatchObject({
    type: 'function_call_output',
    output: [
      { type: 'input_text', text: 'A cat.' },
      { type: 'input_image', image_url: image.uri },
    ],
  })
})
