import { limits, type PriorMessage } from '@longhaul/core'
import { contents, toResult } from './content.ts'
import type { OtherItem, InputItem } from './item-schema.ts'

/**
 * Reads the calls of unknown tools in an input, and their outputs, by the indexes of their items. A call without an
 * output is left out, and so is an output without a call.
 */
export function readForeignCalls(items: InputItem[]): Map<number, PriorMessage> {
  const read = new Map<number, PriorMessage>()
  const calls = new Map<string, { at: number; item: OtherItem }>()
  for (const [at, item] of items.entries()) {
    if (item.type !== 'other') continue
    const { call_id: callId } = item.fields
    if (typeof callId !== 'string' || callId === '' || callId.length > limits.fields.id) continue
    const type = item.otherType
    if (!type.endsWith('_output')) {
      calls.set(`${type} ${callId}`, { at, item })
      continue
    }
    const key = `${type.slice(0, -'_output'.length)} ${callId}`
    const call = calls.get(key)
    if (call === undefined) continue
    calls.delete(key)
    read.set(call.at, { role: 'assistant', parts: [], calls: [callOf(call.item, callId)] })
    const output = toOutput(item.fields['output'] ?? item.fields['result'], `input[${at}].output`)
    read.set(at, { role: 'tool', results: [{ callId, ...output }] })
  }
  return read
}

function callOf(item: OtherItem, callId: string) {
  const { name = item.otherType.replace(/_call$/, ''), arguments: given } = item.fields
  const isName = typeof name === 'string' && /^[\w-]{1,64}$/.test(name)
  const fields = Object.entries(item.fields).filter(([field]) => !envelope.has(field))
  return {
    callId,
    name: isName ? name : 'other_tool',
    arguments:
      typeof given === 'string' ? given : JSON.stringify(given ?? Object.fromEntries(fields)),
  }
}

/** The fields of a call that are not its arguments. */
const envelope = new Set(['id', 'call_id', 'name', 'status'])

function toOutput(output: unknown, path: string): ReturnType<typeof toResult> {
  if (typeof output === 'string') return { result: output }
  const isScreen = typeof output === 'object' && output !== null && 'image_url' in output
  const list = contents.safeParse(isScreen ? [{ ...output, type: 'input_image' }] : output)
  return list.success ? toResult(list.data, path) : { result: JSON.stringify(output) ?? '' }
}
