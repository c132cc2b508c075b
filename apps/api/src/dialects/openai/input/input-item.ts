import { type InputFile, type InputPart, invalid, limits, type PriorMessage } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../../shared/request-fields.ts'
import {
  type ClientItem,
  clientItems,
  isClientItem,
  readItem,
} from '../client-tools/client-items.ts'
import { readDataUrl } from './read-data-url.ts'

const id = line.min(1).max(limits.fields.id)
const itemStatus = z.string().max(64).optional()
const text = z.string()

const Text = z.object({
  type: z.enum(['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']),
  text,
})
const Refusal = z.object({ type: z.literal('refusal'), refusal: text })
const fileId = line
  .optional()
  .meta({ description: 'Not supported: the server stores no files. A value is refused.' })
const Image = z.object({
  type: z.literal('input_image'),
  image_url: z
    .string()
    .optional()
    .meta({
      description: 'A data URL, or a URL that is fetched when the turn runs.',
      examples: ['https://example.com/cat.png'],
    }),
  detail: z.string().optional().meta({ description: 'It has no effect.' }),
  file_id: fileId,
})
const File = z.object({
  type: z.literal('input_file'),
  file_data: z
    .string()
    .optional()
    .meta({ description: 'The bytes of the file: a data URL, or base64.' }),
  file_url: z
    .string()
    .optional()
    .meta({
      description:
        'The URL of the file. It is fetched when the turn runs, and its content is stored.',
      examples: ['https://example.com/plan.pdf'],
    }),
  filename: z.string().max(1_024).optional(),
  file_id: fileId,
})

const Content = z.discriminatedUnion('type', [Text, Refusal, Image, File], {
  error: 'must be a text, an input_image, an input_file or a refusal',
})
const contents = z.array(Content).max(limits.parts)

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
const CustomOutputItem = CallOutputItem.extend({ type: z.literal('custom_tool_call_output') })
/** A call that the server made, as an item of a response. */
const ServerCallItem = z.object({
  type: z.literal('mcp_call'),
  id: id,
  name: z.string().min(1).max(limits.fields.name),
  arguments: text,
  output: text.nullish(),
  error: text.nullish(),
  status: itemStatus,
})
const ReasoningItem = z.object({
  type: z.literal('reasoning').meta({
    description:
      'Accepted and ignored. Models receive only the reasoning that the server has stored.',
  }),
  id: id.optional(),
})

const items = [
  MessageItem,
  CallOutputItem,
  CustomOutputItem,
  ServerCallItem,
  ReasoningItem,
  ...clientItems,
] as const

export const InputItem = z.preprocess(
  // An item without a type is parsed as a message.
  (item) => (isTyped(item) ? item : { type: '' }),
  z.discriminatedUnion('type', items, {
    error: 'must be a message, reasoning, a call of a tool, or the output of a call',
  }),
)
type InputItem = z.output<typeof InputItem>

function isTyped(item: unknown): boolean {
  const isObject = typeof item === 'object' && item !== null && !Array.isArray(item)
  return !isObject || 'type' in item || 'role' in item
}

/** The path of the message in the body. */
type WithPaths = { paths?: string[] }
/** The message to answer, and the messages before it. */
export type Input = {
  before: (PriorMessage & WithPaths)[]
  message: { role: 'user' | 'tool'; parts: InputPart[] } & WithPaths
}

/** The input of a request. Throws invalid if it has no message to answer. */
export function toInput(input: string | InputItem[]): Input {
  if (typeof input === 'string') {
    return { before: [], message: { role: 'user', parts: [{ kind: 'text', text: input }] } }
  }
  const messages = joined(input.flatMap((item, at) => toMessages(item, `input[${at}]`)))
  // A system message applies to the whole conversation, at any index.
  const system = messages.filter(({ role }) => role === 'system')
  const others = messages.filter(({ role }) => role !== 'system')
  const last = others.at(-1)
  if (last === undefined) return systemOnly(system)
  const before = [...system, ...others.slice(0, -1)]
  const { paths } = last
  if (last.role === 'user')
    return { before, message: { role: 'user', parts: last.parts, ...placed(paths) } }
  if (last.role === 'tool') {
    const parts = last.results.map(({ callId, result }) => {
      return { kind: 'tool_result' as const, callId, result }
    })
    return { before, message: { role: 'tool', parts, ...placed(paths) } }
  }
  throw invalid('input', 'must end with what is to be answered: a message of the user, or outputs')
}

/** Without other messages, the model answers the last system message. */
function systemOnly(system: (PriorMessage & WithPaths)[]): Input {
  const last = system.at(-1)
  if (last?.role !== 'system') throw invalid('input', 'is empty')
  return {
    before: system.slice(0, -1),
    message: { role: 'user', parts: [{ kind: 'text', text: last.text }] },
  }
}

function placed(paths: string[] | undefined): WithPaths {
  return paths === undefined ? {} : { paths }
}

function toMessages(item: InputItem, path: string): (PriorMessage & WithPaths)[] {
  if (isClientItem(item)) return ofClientTool(item, path)
  switch (item.type) {
    case 'message':
    case undefined: {
      const { role, content } = item
      if (role === 'user') return [toUser(content, path)]
      const plainText = textOf(content, `${path}.content`)
      if (role === 'assistant') {
        return [{ role, parts: [{ kind: 'text', text: plainText }], calls: [], paths: [path] }]
      }
      return [{ role: 'system', text: plainText }]
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const { call_id: callId, output } = item
      const results = [{ callId, result: textOf(output, `${path}.output`) }]
      return [{ role: 'tool', results, paths: [`${path}.call_id`] }]
    }
    case 'mcp_call': {
      const { id: callId, name, arguments: given, output, error } = item
      const failed = error != null
      const results = [
        { callId, result: failed ? error : (output ?? ''), ...(failed && { failed }) },
      ]
      return [called({ callId, name, given }, path), { role: 'tool', results, paths: [path] }]
    }
    case 'reasoning':
      return []
  }
}

/** The call or the result of an item that belongs to a tool of the client. */
function ofClientTool(item: ClientItem, path: string): (PriorMessage & WithPaths)[] {
  const read = readItem(item)
  if (read === undefined) return []
  if (('result' in read ? read.result : read.call).callId === '') {
    throw invalid(`${path}.call_id`, 'is required')
  }
  if ('result' in read) {
    return [{ role: 'tool', results: [read.result], paths: [`${path}.call_id`] }]
  }
  const { callId, name, arguments: given } = read.call
  return [called({ callId, name, given }, path)]
}

function called(
  { callId, name, given }: { callId: string; name: string; given: string },
  path: string,
): PriorMessage & WithPaths {
  return {
    role: 'assistant',
    parts: [],
    calls: [{ callId, name, arguments: given }],
    paths: [path],
  }
}

/** Adjacent calls belong to one answer. So do adjacent results. */
function joined(messages: (PriorMessage & WithPaths)[]): (PriorMessage & WithPaths)[] {
  const all: (PriorMessage & WithPaths)[] = []
  for (const next of messages) {
    const last = all.at(-1)
    if (last?.role === 'assistant' && next.role === 'assistant') {
      last.parts.push(...next.parts)
      last.calls.push(...next.calls)
    } else if (last?.role === 'tool' && next.role === 'tool') {
      last.results.push(...next.results)
      last.paths = [...(last.paths ?? []), ...(next.paths ?? [])]
    } else {
      all.push(next)
    }
  }
  return all
}

type Contents = z.output<typeof contents>

function toUser(content: string | Contents, path: string): PriorMessage & WithPaths {
  if (typeof content === 'string') {
    return { role: 'user', parts: [{ kind: 'text', text: content }], paths: [`${path}.content`] }
  }
  const paths = content.map((_, at) => `${path}.content[${at}]`)
  const parts = content.map((part, at) => toPart(part, paths[at] ?? path))
  if (parts.length === 0) throw invalid(`${path}.content`, 'is empty')
  return { role: 'user', parts, paths }
}

function toPart(part: Contents[number], path: string): InputPart {
  if (part.type === 'refusal') return { kind: 'text', text: part.refusal }
  if (part.type === 'input_image') {
    return { kind: 'file', file: toFile(part.image_url, part, { path, field: 'image_url' }) }
  }
  if (part.type !== 'input_file') return { kind: 'text', text: part.text }
  const { file_data: data, file_url: url, filename: name } = part
  const field = data === undefined ? 'file_url' : 'file_data'
  const file = toFile(data ?? url, part, { path, field })
  return { kind: 'file', file: { ...file, ...(name !== undefined && { name }) } }
}

/** A file by its URL, or as a data URL. `file_data` may also be plain base64. */
function toFile(
  given: string | undefined,
  { file_id: stored }: { file_id?: string | undefined },
  { path, field }: { path: string; field: 'image_url' | 'file_url' | 'file_data' },
): InputFile {
  if (stored !== undefined) {
    throw invalid(`${path}.file_id`, 'no files are stored here: send what it holds, or its address')
  }
  if (given === undefined) throw invalid(path, 'needs what it holds, or its address')
  const decoded = readDataUrl(given)
  if (decoded !== undefined) return decoded
  if (/^data:/i.test(given)) throw invalid(`${path}.${field}`, 'must be in base64')
  return field === 'file_data' ? { bytes: given } : { uri: given }
}

function textOf(content: string | Contents, path: string): string {
  if (typeof content === 'string') return content
  return content
    .map((part, at) => {
      if (part.type === 'refusal') return part.refusal
      if ('text' in part) return part.text
      throw invalid(`${path}[${at}]`, 'must be a text: files can be in messages of the user alone')
    })
    .join('')
}
