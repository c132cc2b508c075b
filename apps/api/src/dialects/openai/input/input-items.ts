import {
  type InputPart,
  invalid,
  limits,
  type PriorMessage,
  type TurnStarted,
} from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../../../request/parse-query.ts'
import type { freeMap } from '../../shared/reply-fields.ts'
import { asText } from '../projection/output-item.ts'

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
  started: TurnStarted,
  { limit = limits.inputItems.default, order = 'desc', after }: Page,
) {
  const all = itemsOf(started)
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

/** Without the messages that were copied from another task. */
function itemsOf({ before = [], copied = 0, message }: TurnStarted): Item[] {
  if (message === undefined) return []
  const { role, parts, messageId } = message
  const last: PriorMessage =
    role === 'user'
      ? { role, parts }
      : { role, results: parts.flatMap((part) => (part.kind === 'tool_result' ? [part] : [])) }
  return [...before.slice(copied), last].flatMap((priorMessage, at) =>
    wireMessage(priorMessage, `${messageId}.${at}`),
  )
}

function wireMessage(priorMessage: PriorMessage, id: string): Item[] {
  const message = { id: `msg_${id}`, type: 'message', status: 'completed' }
  switch (priorMessage.role) {
    case 'system':
      return [
        { ...message, role: 'system', content: [{ type: 'input_text', text: priorMessage.text }] },
      ]
    case 'user':
      return [{ ...message, role: 'user', content: priorMessage.parts.map(wirePart) }]
    case 'assistant': {
      const { parts } = priorMessage
      const reasoning = parts.filter(({ kind }) => kind === 'reasoning')
      const content = parts
        .filter(({ kind }) => kind === 'text')
        .map(({ text }) => ({ type: 'output_text', text, annotations: [], logprobs: [] }))
      return [
        ...reasoning.map(({ text }, at) => ({
          id: `rs_${id}.${at}`,
          type: 'reasoning',
          status: 'completed',
          summary: [],
          content: [{ type: 'reasoning_text', text }],
        })),
        ...(content.length > 0 ? [{ ...message, role: 'assistant', content }] : []),
        ...priorMessage.calls.map(({ callId, name, arguments: argumentText }) => ({
          id: `fc_${callId}`,
          type: 'function_call',
          status: 'completed',
          call_id: callId,
          name,
          arguments: argumentText,
        })),
      ]
    }
    case 'tool':
      return priorMessage.results.map(({ callId, result }) => ({
        id: `fco_${callId}`,
        type: 'function_call_output',
        status: 'completed',
        call_id: callId,
        output: asText(result),
      }))
  }
}

function wirePart(part: InputPart): Record<string, unknown> {
  if (part.kind === 'text') return { type: 'input_text', text: part.text }
  if (part.kind !== 'file') return { type: 'input_text', text: asText(part) }
  const { bytes, uri, mimeType = 'application/octet-stream', name } = part.file
  const image = mimeType.startsWith('image/') || /\.(png|jpe?g|gif|webp)$/i.test(uri ?? '')
  const url = bytes === undefined ? uri : `data:${mimeType};base64,${bytes}`
  if (image) return { type: 'input_image', detail: 'auto', image_url: url }
  return {
    type: 'input_file',
    ...(name !== undefined && { filename: name }),
    ...(bytes === undefined ? { file_url: uri } : { file_data: url }),
  }
}
