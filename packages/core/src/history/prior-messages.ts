import { z } from 'zod'
import { InputPart, type Message, ReplyPart, StoredValue, ToolCall } from './message.ts'
import { unreadable } from './history-builder.ts'
import type { State } from '../log/state.ts'

export const SaidResult = z.object({
  callId: z.string(),
  result: StoredValue,
  failed: z.literal(true).exactOptional(),
})
export type SaidResult = z.infer<typeof SaidResult>

/**
 * What was said before the message of a turn: the caller brings it along, or it was copied from the task
 * that this one is a fork of. `system` is said to the model apart from the conversation, for as long as it lasts.
 */
export const Said = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), parts: z.array(InputPart) }),
  z.object({
    role: z.literal('assistant'),
    parts: z.array(ReplyPart),
    calls: z.array(ToolCall),
  }),
  z.object({ role: z.literal('tool'), results: z.array(SaidResult) }),
])
export type Said = z.infer<typeof Said>

/** A task's conversation as another one can begin with it; calls that wait for their answer wait there, too. */
export function conversationOf({ directions, history, answered }: State): Said[] {
  const waiting = [...answered.values()].map(asSaidResult)
  return [
    ...directions.map((text) => ({ role: 'system' as const, text })),
    ...history.map(asSaid),
    ...(waiting.length > 0 ? [{ role: 'tool' as const, results: waiting }] : []),
  ]
}

function asSaid(message: Message): Said {
  switch (message.role) {
    case 'user':
      return {
        role: 'user',
        parts: message.parts.map((part): InputPart => {
          if (part.kind === 'text') return part
          const { data: bytes, mimeType, name } = part
          // It could not be read, and nobody has tried again.
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
      return { role: 'tool', results: message.results.map(asSaidResult) }
  }
}

function asSaidResult({
  callId,
  text,
  failed,
}: {
  callId: string
  text: string
  failed: boolean
}): SaidResult {
  return { callId, result: text, ...(failed && { failed }) }
}
