import type { State } from './state.ts'
import { unreadable } from '../history/message-files.ts'
import type { HistoryResult, InputFile, InputPart, Message, UserFile } from '../history/message.ts'
import type { PriorMessage, PriorResult } from '../history/prior-message.ts'
import { withoutFile } from '../history/result-files.ts'

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
          if (isUnread(part)) return { kind: 'text', text: unreadable(part.name) }
          return { kind: 'file', file: asInputFile(part) }
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

function asPriorResult(result: HistoryResult): PriorResult {
  const unread = (result.files ?? []).filter(isUnread)
  const { callId, text, failed, files } = unread.reduce(
    (rest, file) => withoutFile(rest, file, unreadable(file.name)),
    result,
  )
  return {
    callId,
    result: text,
    ...(failed && { failed }),
    ...(files && { files: files.map(asInputFile) }),
  }
}

/** Whether a file could not be read, and no turn has tried again. */
function isUnread({ data }: UserFile): boolean {
  return data === ''
}

function asInputFile({ data: bytes, mimeType, name }: UserFile): InputFile {
  return { bytes, mimeType, ...(name !== undefined && { name }) }
}
