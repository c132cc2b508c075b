import { invalid } from '@longhaul/core'
import type { Messages } from '../turn-request.ts'
import { joinMessages } from './join-messages.ts'
import type { SentMessage, WholeItem } from './input-item.ts'

type Read = Required<Pick<Messages, 'before' | 'message'>>

/** The message that a turn answers, and the messages before it. Throws invalid if the items have no message at all. */
export function toMessages(items: WholeItem[], pending: readonly string[]): Read {
  const messages = items.flatMap((item) => item.messages)
  // A system message applies to the whole conversation, at any index.
  const system = messages.filter(({ role }) => role === 'system')
  const others = joinMessages(
    messages.filter(({ role }) => role !== 'system'),
    pending,
  )
  const last = others.at(-1)
  if (last === undefined) return systemOnly(system)
  const before = [...system, ...others]
  // The model continues after its own answer. The turn has no message of the user.
  if (last.role === 'assistant' || last.role === 'system') {
    const paths = items.slice(-1).map(({ path }) => path)
    return { before, message: { role: 'user', parts: [], paths } }
  }
  before.pop()
  const paths = last.paths === undefined ? {} : { paths: last.paths }
  if (last.role === 'user')
    return { before, message: { role: 'user', parts: last.parts, ...paths } }
  const parts = last.results.map(({ callId, result, files }) => {
    return { kind: 'tool_result' as const, callId, result, ...(files && { files }) }
  })
  return { before, message: { role: 'tool', parts, ...paths } }
}

/** Without other messages, the model answers the last system message. */
function systemOnly(system: SentMessage[]): Read {
  const last = system.at(-1)
  if (last?.role !== 'system') throw invalid('input', 'is empty')
  const parts = [{ kind: 'text' as const, text: last.text }]
  return { before: system.slice(0, -1), message: { role: 'user', parts } }
}
