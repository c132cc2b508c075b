import {
  type InputFile,
  type InputPart,
  invalid,
  itemId,
  limits,
  type PriorMessage,
  type PriorResult,
  type ReplyPart,
  type ToolCall,
  type TurnStarted,
} from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../../../request/parse-query.ts'
import type { freeMap } from '../../shared/reply-fields.ts'
import { readModelCall, type RecordedTool } from '../client-tools/recorded-tools.ts'
import { asText } from '../projection/output-item.ts'
import { recordedParametersOf } from '../request-parameters.ts'

const range = `must be a whole number from 1 to ${limits.inputItems.max}`

export const InputItemsQuery = z.object({
  limit: z
    .preprocess(
      (text) => (/^\d{1,3}$/.test(String(text)) ? Number(text) : text),
      z.int(range).min(1, range).max(limits.inputItems.max, range),
    )
    .optional()
    .meta({
      description: `The maximum number of items in the page. Default: ${limits.inputItems.default}.`,
    }),
  order: z.enum(['asc', 'desc'], 'must be asc or desc').optional().meta({
    description: 'The order of the items. Default: `desc`, the last item first.',
  }),
  after: z
    .string()
    .optional()
    .meta({ description: 'The `id` of the item after which the page starts.' }),
})

export const InputItemsReply = z
  .object({
    object: z.literal('list'),
    data: z.array(z.looseObject({ id: z.string(), type: z.string() })),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'OpenInputItems', description: 'A page of the input of a request, as items.' })

type Item = { id: string; type: string } & z.output<typeof freeMap>

type Page = z.output<typeof InputItemsQuery>

export function parseInputItemsQuery(query: URLSearchParams): Page {
  return parseQuery(InputItemsQuery, query)
}

/** A page of the input of a turn's request. */
export function inputItemsBody(
  taskId: string,
  started: TurnStarted,
  { limit = limits.inputItems.default, order = 'desc', after }: Page,
) {
  const summarized = recordedParametersOf(started)?.reasoning?.summary !== undefined
  const all = inputItemsOf(taskId, started).map(({ item }) =>
    summarized ? withSummary(item) : item,
  )
  const items = order === 'asc' ? all : all.toReversed()
  const begin = after === undefined ? 0 : items.findIndex(({ id }) => id === after) + 1
  if (after !== undefined && begin === 0)
    throw invalid('after', 'must be the id of an item of the list')
  const data = items.slice(begin, begin + limit)
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: begin + limit < items.length,
  }
}

/** Reasoning also as its summary, as in the output of the same response. */
function withSummary(item: Item): Item {
  if (item.type !== 'reasoning') return item
  const texts = item['content'] as { text: string }[]
  return { ...item, summary: texts.map(({ text }) => ({ type: 'summary_text', text })) }
}

/** An item of the input, and what it adds to a conversation. */
type InputItem = { item: Item; message: PriorMessage }
type Draft = { prefix: string; fields: Fields; message: PriorMessage }
type Fields = { type: string } & Record<string, unknown>

/** The items of the input of a turn, without the messages that were copied from another task. */
export function inputItemsOf(taskId: string, started: TurnStarted): InputItem[] {
  const { turn, before = [], copied = 0, message } = started
  if (message === undefined) return []
  const tools = recordedParametersOf(started)?.client_tools
  const { role, parts } = message
  const last: PriorMessage =
    role === 'user' ? { role, parts } : { role, results: parts.flatMap(resultOf) }
  return [...before.slice(copied), last]
    .flatMap((each) => draftsOf(each, tools))
    .map(({ prefix, fields, message: content }, index) => {
      const id = itemId(prefix, { taskId, turn, side: 'input', index })
      return { item: { id, ...fields }, message: content }
    })
}

function resultOf(part: InputPart): PriorResult[] {
  if (part.kind !== 'tool_result') return []
  const { callId, result, files } = part
  return [{ callId, result, ...(files && { files }) }]
}

function draftsOf(message: PriorMessage, tools: RecordedTool[] = []): Draft[] {
  switch (message.role) {
    case 'system': {
      const content = [{ type: 'input_text', text: message.text }]
      return [messageDraft({ role: 'system', content }, message)]
    }
    case 'user': {
      if (message.parts.length === 0) return []
      return [messageDraft({ role: 'user', content: message.parts.map(wirePart) }, message)]
    }
    case 'assistant':
      return [
        ...answerDrafts(message.parts),
        ...message.calls.map((call) => callDraft(call, tools)),
      ]
    case 'tool':
      return message.results.map(resultDraft)
  }
}

function messageDraft(fields: Record<string, unknown>, message: PriorMessage): Draft {
  return { prefix: 'msg', fields: { type: 'message', status: 'completed', ...fields }, message }
}

/** Adjacent texts are one message. Reasoning without a text is not shown. */
function answerDrafts(parts: ReplyPart[]): Draft[] {
  const groups: ReplyPart[][] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (last?.[0]?.kind === 'text' && part.kind === 'text') last.push(part)
    else if (part.kind === 'text' || part.text !== '') groups.push([part])
  }
  return groups.map((group) => {
    const message: PriorMessage = { role: 'assistant', parts: group, calls: [] }
    if (group[0]?.kind === 'text') {
      return messageDraft({ role: 'assistant', content: group.map(wireReplyPart) }, message)
    }
    const content = group.map(({ text }) => ({ type: 'reasoning_text', text }))
    return { prefix: 'rs', fields: { type: 'reasoning', summary: [], content }, message }
  })
}

function wireReplyPart({ text, refusal, annotations = [] }: ReplyPart): Record<string, unknown> {
  if (refusal) return { type: 'refusal', refusal: text }
  return { type: 'output_text', text, annotations, logprobs: [] }
}

/** A call of a tool of the request has the form of that tool, as in an output. */
function callDraft(modelCall: ToolCall, tools: RecordedTool[]): Draft {
  const { form, call } = readModelCall(modelCall, tools)
  return {
    prefix: form.prefix,
    fields: { status: 'completed', call_id: call.callId, ...form.fields(call, 'finished') },
    message: { role: 'assistant', parts: [], calls: [modelCall] },
  }
}

function resultDraft(result: PriorResult): Draft {
  const { callId, result: value, files = [] } = result
  const text = asText(value)
  const output = files.length === 0 ? text : [{ type: 'input_text', text }, ...files.map(wireFile)]
  return {
    prefix: 'fco',
    fields: { type: 'function_call_output', status: 'completed', call_id: callId, output },
    message: { role: 'tool', results: [result] },
  }
}

function wirePart(part: InputPart): Record<string, unknown> {
  if (part.kind === 'text') return { type: 'input_text', text: part.text }
  return part.kind === 'file' ? wireFile(part.file) : { type: 'input_text', text: asText(part) }
}

function wireFile(file: InputFile): Record<string, unknown> {
  const { bytes, uri, mimeType = 'application/octet-stream', name } = file
  const image = mimeType.startsWith('image/') || /\.(png|jpe?g|gif|webp)$/i.test(uri ?? '')
  const url = bytes === undefined ? uri : `data:${mimeType};base64,${bytes}`
  if (image) return { type: 'input_image', detail: 'auto', image_url: url }
  return {
    type: 'input_file',
    ...(name !== undefined && { filename: name }),
    ...(bytes === undefined ? { file_url: uri } : { file_data: url }),
  }
}
