import { limits } from '@longhaul/core'
import type { SentMessage } from '@longhaul/tasks'
import { z } from 'zod'
import { line } from '../../shared/request-fields.ts'

const texts = z.array(z.object({ text: z.string().optional() })).max(limits.parts)

export const ReasoningItem = z.object({
  type: z.literal('reasoning').meta({
    description:
      'The reasoning of an answer of the history. Its text is sent to servers that want the reasoning of their model ' +
      'back, with the calls of the same turn. It is ignored where no item of an answer follows, and by other servers.',
  }),
  id: line.min(1).max(limits.fields.id).optional(),
  content: texts.nullish(),
  summary: texts.nullish(),
  encrypted_content: z
    .string()
    .nullish()
    .meta({ description: 'Accepted and ignored: only the server that made it can read it.' }),
})

/** The text of a reasoning item, as the beginning of an answer; nothing when it has none. */
export function toReasoning(
  { content, summary }: z.output<typeof ReasoningItem>,
  path: string,
): SentMessage[] {
  const text = [content, summary]
    .map((parts) => (parts ?? []).map((part) => part.text ?? '').join('\n\n'))
    .find((each) => each.trim() !== '')
  if (text === undefined) return []
  return [{ role: 'assistant', parts: [{ kind: 'reasoning', text }], calls: [], paths: [path] }]
}
