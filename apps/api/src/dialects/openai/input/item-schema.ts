import { limits, parseItemId } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../../shared/request-fields.ts'
import { clientItems } from '../client-tools/client-items.ts'
import { contents } from './content.ts'
import { ReasoningItem } from './reasoning-item.ts'

const id = line.min(1).max(limits.fields.id)
const itemStatus = z.string().max(64).optional()
const text = z.string()

const MessageItem = z.object({
  type: z.literal('message').optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([text, contents]),
  id: id.optional(),
  status: itemStatus,
})
const CallOutputItem = z.object({
  type: z.literal('function_call_output'),
  call_id: id,
  output: z.union([text, contents]),
  id: id.optional(),
  status: itemStatus,
})
/** The errors of OpenAI: of the protocol and of HTTP with a message, of a tool with the content of its result. */
const ServerCallError = z.object({
  type: z.string().optional(),
  code: z.unknown().optional(),
  message: text.optional(),
  content: z.unknown().optional(),
})
const CustomOutputItem = CallOutputItem.extend({ type: z.literal('custom_tool_call_output') })
/** A call that the server made, as an item of a response. */
const ServerCallItem = z.object({
  type: z.literal('mcp_call'),
  id,
  name: z.string().min(1).max(limits.fields.name),
  arguments: text,
  output: text.nullish(),
  error: z.union([text, ServerCallError]).nullish(),
  status: itemStatus,
})
const ReferenceItem = z.object({ type: z.literal('item_reference').nullable(), id }).meta({
  description:
    'An item of an earlier response, or of its request, by its id. An item that has no other field needs no `type`.',
})

const items = [
  MessageItem,
  CallOutputItem,
  CustomOutputItem,
  ServerCallItem,
  ReasoningItem,
  ReferenceItem,
  ...clientItems,
] as const

const knownTypes = [
  'message',
  'function_call_output',
  'custom_tool_call_output',
  'mcp_call',
  'reasoning',
  'item_reference',
  ...clientItems.map(({ shape }) => shape.type.value),
]

/** An item of a tool or a feature that the server does not have. */
const OtherItem = z
  .looseObject({
    type: z.string().regex(new RegExp(String.raw`^(?!(?:${knownTypes.join('|')})$)\w{1,64}$`), {
      error: 'must be the type of an item',
    }),
  })
  .meta({
    description:
      'An item of any other type. Two items with one `call_id` and the types `…_call` and `…_call_output` are a call and its result; any other item is left out.',
  })
  .transform(({ type: otherType, ...fields }) => ({ type: 'other' as const, otherType, fields }))
export type OtherItem = z.output<typeof OtherItem>

const KnownItem = z.discriminatedUnion('type', items, {
  error: 'must be an item with a type, a role or an id',
})

export const InputItem = z.preprocess(withType, z.union([KnownItem, OtherItem]))
export type InputItem = z.output<typeof InputItem>

/** An item without a type is a message, or a reference if it has only an id. */
function withType(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
  const { type, ...fields } = item as Record<string, unknown>
  if (isReference(type, fields)) return { type: 'item_reference', id: fields['id'] }
  if (type === undefined || type === null) return 'role' in item ? fields : { type: '' }
  return item
}

/** Whether an item has only an id. With a type, the id must be one of an earlier response. */
function isReference(type: unknown, { id: named, ...rest }: Record<string, unknown>): boolean {
  if (typeof named !== 'string' || type === 'item_reference') return false
  const others = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined)
  if (others.length > 0) return false
  return type === undefined || type === null || parseItemId(named) !== undefined
}
