import type { State } from './state.ts'
import { unreadable } from '../history/message-files.ts'
import type { InputPart, Message } from '../history/message.ts'
import type { PriorMessage, PriorResult } from '../history/prior-message.ts'

/** The conversation of a task as the beginning of another task. Calls that wait for their answer wait there, too. */
export function conversationOf({ directions, history, answered }: State): PriorMessage[] {
  const waiting = [...answered.values()].map(asPriorResult)
  return [
    ...directions.map((text) => ({ role: 'system' as const, text })),
    ...history.map(asPriorMessage),
    ...(waiting.length > 0 ? [{ role: 'tool' as const, results: waiting }] : []),
  ]
}

function asPriorMessage(message: Message): PriorMessage {
  switch (message.role) {
    case 'user':
      return {
        role: 'user',
        parts: message.parts.map((part): InputPart => {
          if (part.kind === 'text') return part
          const { data: bytes, mimeType, name } = part
          // The file could not be read, and no turn has tried again.
          if (bytes === '') return { kind: 'text', text: unreadable(name) }
          return { kind: 'file', file: { bytes, mimeType, ...(name !== undefined && { name }) } }
        }),
      }
    case 'assistant':
      return {
        role: 'assistant',
        parts: message.parts,
        calls: message.calls.map((call) => ({
          ...call,
          arguments: JSON.stringify(call.arguments),
        })),
      }
    case 'tool':
      return { role: 'tool', results: message.results.map(asPriorResult) }
  }
}

function asPriorResult({
  callId,
  text,
  failed,
}: {
  callId: string
  text: string
  failed: boolean
}): PriorResult {
  return { callId, result: text, ...(failed && { failed }) }
}
