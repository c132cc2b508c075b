import { z } from 'zod'
import { InputPart, ReplyPart, StoredValue, ToolCall } from './message.ts'

export const PriorResult = z.object({
  callId: z.string(),
  result: StoredValue,
  failed: z.literal(true).exactOptional(),
})
export type PriorResult = z.infer<typeof PriorResult>

/**
 * What was said before the message of a turn: the caller brings it along, or it was copied from the task
 * that this one is a fork of. `system` is said to the model apart from the conversation, for as long as it lasts.
 */
export const PriorMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), parts: z.array(InputPart) }),
  z.object({
    role: z.literal('assistant'),
    parts: z.array(ReplyPart),
    calls: z.array(ToolCall),
  }),
  z.object({ role: z.literal('tool'), results: z.array(PriorResult) }),
])
export type PriorMessage = z.infer<typeof PriorMessage>
