import type { Delta, PartFinished } from '@longhaul/core'
import type { Item, ItemStatus } from './output-item.ts'

/** How a part of the answer is shown: as an item of the output, and as events of its stream. */
export type PartForm = {
  /** The prefix of the item's id. */
  prefix: 'msg' | 'rs'
  /** A part without content has just started or was abandoned. */
  item: (id: string, status: ItemStatus, content?: Content) => Item
  opened: PartEvent[]
  /** Always the same number of events. */
  delta: (text: string) => PartEvent[]
  finished: (content: Content, status: ItemStatus) => PartEvent[]
}

type Content = Pick<PartFinished, 'text' | 'annotations'>

/** The type of an event, and its fields besides its number and its item. */
export type PartEvent = [type: string, fields: Record<string, unknown>]

/** The form of a part. A `summarized` response shows reasoning also as its summary, for clients that read only that. */
export function formOf(
  { kind, refusal }: Pick<Delta, 'kind' | 'refusal'>,
  { summarized }: { summarized: boolean },
): PartForm {
  if (kind === 'text') return refusal === true ? refusalForm : textForm
  return summarized ? summarizedForm : reasoningForm
}

const atFirst = { content_index: 0 }
const atFirstSummary = { summary_index: 0 }

const textForm: PartForm = {
  prefix: 'msg',
  item: (id, status, content) => message(id, status, content && outputText(content)),
  opened: [partEvent('added', outputText({ text: '' }))],
  delta: (delta) => [['response.output_text.delta', { ...atFirst, delta, logprobs: [] }]],
  finished: (content) => [
    ...(content.annotations ?? []).map(annotationEvent),
    ['response.output_text.done', { ...atFirst, text: content.text, logprobs: [] }],
    partEvent('done', outputText(content)),
  ],
}

const refusalForm: PartForm = {
  prefix: 'msg',
  item: (id, status, content) => message(id, status, content && refusalOf(content.text)),
  opened: [partEvent('added', refusalOf(''))],
  delta: (delta) => [['response.refusal.delta', { ...atFirst, delta }]],
  finished: ({ text }) => [
    ['response.refusal.done', { ...atFirst, refusal: text }],
    partEvent('done', refusalOf(text)),
  ],
}

const reasoningForm: PartForm = {
  prefix: 'rs',
  item: (id, status, content) => reasoning(id, status, [], content),
  opened: [partEvent('added', reasoningText(''))],
  delta: (delta) => [['response.reasoning_text.delta', { ...atFirst, delta }]],
  finished: ({ text }) => [
    ['response.reasoning_text.done', { ...atFirst, text }],
    partEvent('done', reasoningText(text)),
  ],
}

const summarizedForm: PartForm = {
  prefix: 'rs',
  item: (id, status, content) =>
    reasoning(id, status, content ? [summaryText(content.text)] : [], content),
  opened: [
    ['response.reasoning_summary_part.added', { ...atFirstSummary, part: summaryText('') }],
    ...reasoningForm.opened,
  ],
  delta: (delta) => [
    ['response.reasoning_summary_text.delta', { ...atFirstSummary, delta }],
    ...reasoningForm.delta(delta),
  ],
  finished: (content, status) => [
    ['response.reasoning_summary_text.done', { ...atFirstSummary, text: content.text }],
    [
      'response.reasoning_summary_part.done',
      {
        ...atFirstSummary,
        part: summaryText(content.text),
        ...(status === 'incomplete' && { status }),
      },
    ],
    ...reasoningForm.finished(content, status),
  ],
}

type WirePart = Record<string, unknown>

function message(id: string, status: ItemStatus, content: WirePart | undefined): Item {
  return {
    id,
    type: 'message',
    status,
    role: 'assistant',
    content: content === undefined ? [] : [content],
  }
}

function reasoning(
  id: string,
  status: ItemStatus,
  summary: WirePart[],
  content: Content | undefined,
): Item {
  return {
    id,
    type: 'reasoning',
    status,
    summary,
    content: content === undefined ? [] : [reasoningText(content.text)],
  }
}

function outputText({ text, annotations = [] }: Content): WirePart {
  return { type: 'output_text', text, annotations, logprobs: [] }
}

function refusalOf(text: string): WirePart {
  return { type: 'refusal', refusal: text }
}

function reasoningText(text: string): WirePart {
  return { type: 'reasoning_text', text }
}

function summaryText(text: string): WirePart {
  return { type: 'summary_text', text }
}

function partEvent(what: 'added' | 'done', part: WirePart): PartEvent {
  return [`response.content_part.${what}`, { ...atFirst, part }]
}

function annotationEvent(annotation: WirePart, index: number): PartEvent {
  return [
    'response.output_text.annotation.added',
    { ...atFirst, annotation_index: index, annotation },
  ]
}
