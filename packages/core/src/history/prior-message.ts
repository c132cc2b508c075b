import { z } from 'zod'
import { InputFile, InputPart, ReplyPart, StoredValue, ToolCall } from './message.ts'

export const PriorResult = z.object({
  callId: z.string(),
  result: StoredValue,
  files: z.array(InputFile).exactOptional(),
  failed: z.literal(true).exactOptional(),
})
export type PriorResult = z.infer<typeof PriorResult>

/**
 * A message before the message of a turn. The caller sends it, or it was copied from the task from which this one was
 * forked. A `system` message is sent to the model apart from the conversation, as long as the task exists.
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
