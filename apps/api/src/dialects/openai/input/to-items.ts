import { type InputPart, invalid, type PriorResult } from '@longhaul/core'
import type { SentItem, SentMessage } from '@longhaul/tasks'
import { type ClientItem, isClientItem, readItem } from '../client-tools/client-items.ts'
import { toInputParts, toReplyParts, toResult } from './content.ts'
import { readForeignCalls } from './foreign-calls.ts'
import type { InputItem } from './item-schema.ts'
import { itemsOfTurn } from './items-of-turn.ts'
import { toReasoning } from './reasoning-item.ts'

type Message = { before: []; message: { role: 'user'; parts: InputPart[] } }
type Items = { items: SentItem[]; readItems: typeof itemsOfTurn }

/** The input of a request, as its turn receives it. Throws invalid and names the field. */
export function toInput(input: string | InputItem[]): Message | Items {
  if (typeof input === 'string') {
    return { before: [], message: { role: 'user', parts: [{ kind: 'text', text: input }] } }
  }
  const foreign = readForeignCalls(input)
  const items = input.map((item, at): SentItem => {
    const path = `input[${at}]`
    const id = item.type === 'other' ? item.fields['id'] : item.id
    const named = typeof id === 'string' ? { id } : {}
    if (item.type === 'item_reference' || item.type === null) return { path, ...named }
    const read = foreign.get(at)
    const paths = [read?.role === 'tool' ? `${path}.call_id` : path]
    return { path, ...named, messages: read ? [{ ...read, paths }] : toMessages(item, path) }
  })
  return { items, readItems: itemsOfTurn }
}

function toMessages(item: InputItem, path: string): SentMessage[] {
  if (isClientItem(item)) return ofClientTool(item, path)
  switch (item.type) {
    case 'message':
    case undefined:
      return [toMessage(item, path)]
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const result = { callId: item.call_id, ...toResult(item.output, `${path}.output`) }
      return [{ role: 'tool', results: [result], paths: [`${path}.call_id`] }]
    }
    case 'mcp_call': {
      const { id: callId, name, arguments: given } = item
      const results = [{ callId, ...outcomeOf(item) }]
      return [called({ callId, name, given }, path), { role: 'tool', results, paths: [path] }]
    }
    case 'reasoning':
      return toReasoning(item, path)
    case 'item_reference':
    case null:
    case 'other':
      return []
  }
}

function toMessage(
  { role, content }: Extract<InputItem, { role: unknown }>,
  path: string,
): SentMessage {
  const contentPath = `${path}.content`
  if (role === 'assistant') {
    return { role, parts: toReplyParts(content, contentPath), calls: [], paths: [path] }
  }
  if (role !== 'user') {
    const parts = toReplyParts(content, contentPath)
    return { role: 'system', text: parts.map(({ text }) => text).join('') }
  }
  if (typeof content === 'string') {
    return { role, parts: [{ kind: 'text', text: content }], paths: [contentPath] }
  }
  const paths = content.map((_, at) => `${contentPath}[${at}]`)
  return { role, parts: toInputParts(content, contentPath), paths }
}

/** The call or the result of an item that belongs to a tool of the client. */
function ofClientTool(item: ClientItem, path: string): SentMessage[] {
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
): SentMessage {
  const calls = [{ callId, name, arguments: given }]
  return { role: 'assistant', parts: [], calls, paths: [path] }
}

function outcomeOf({
  output,
  error,
}: Extract<InputItem, { type: 'mcp_call' }>): Omit<PriorResult, 'callId'> {
  if (error === undefined || error === null) return { result: output ?? '' }
  return { result: textOfError(error), failed: true }
}

/** An error of an MCP call: a text, or an object with a message or with the content of the result. */
function textOfError(error: string | { message?: string | undefined; content?: unknown }): string {
  if (typeof error === 'string') return error
  const { message, content } = error
  if (message !== undefined) return message
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return JSON.stringify(content ?? error)
  const texts = content.map((part: unknown) => {
    const { text } = Object(part) as { text?: unknown }
    return typeof text === 'string' ? text : JSON.stringify(part)
  })
  return texts.join('\n')
}
