import type { JSONObject, JSONValue } from '@ai-sdk/provider'
import type { Message, ReplyPart } from '@longhaul/core'

/**
 * How a server with OpenAI's chat completions gets the reasoning of its model back: `text` is the field for it as a
 * text, `details` says whether the objects of `reasoning_details` are returned to the server that sent them.
 */
export type ReasoningForm = { text?: 'reasoning_content' | 'reasoning'; details: boolean }

/** The fields that are added to messages of the request. */
export type ReturnedReasoning = ReadonlyMap<Message, JSONObject>

/**
 * The reasoning of each turn that has calls. A turn without calls needs none: servers ignore its reasoning, and it costs
 * tokens.
 */
export function returnedReasoning(
  messages: Message[],
  { form, key }: { form: ReasoningForm; key: string },
): ReturnedReasoning {
  const returned = new Map<Message, JSONObject>()
  let turn: (Message & { role: 'assistant' })[] = []

  function closeTurn(): void {
    const needed = turn.some(({ calls }) => calls.length > 0)
    for (const message of turn) {
      const parts = needed ? message.parts.filter(({ kind }) => kind === 'reasoning') : []
      const fields = { ...textField(parts, form), ...detailsField(parts, { form, key }) }
      if (Object.keys(fields).length > 0) returned.set(message, fields)
    }
    turn = []
  }

  for (const message of messages) {
    if (message.role === 'user') closeTurn()
    if (message.role === 'assistant') turn.push(message)
  }
  closeTurn()
  return returned
}

/** Whether both add the same fields to the same messages. */
export function areSameFields(one: ReturnedReasoning, other: ReturnedReasoning): boolean {
  return (
    one.size === other.size &&
    [...one].every(([message, fields]) => {
      const names = Object.keys(other.get(message) ?? {})
      return names.join() === Object.keys(fields).join()
    })
  )
}

function textField(parts: ReplyPart[], { text: field }: ReasoningForm): JSONObject {
  if (field === undefined) return {}
  const text = parts.map((part) => part.text).join('')
  if (text.trim() !== '') return { [field]: text }
  // DeepSeek and Moonshot refuse messages without this field, and one that is empty. A message may have no reasoning:
  // another model wrote it, or the caller left the reasoning out.
  return field === 'reasoning_content' ? { [field]: ' ' } : {}
}

/** Unchanged and in their order, as their server requires. */
function detailsField(
  parts: ReplyPart[],
  { form, key }: { form: ReasoningForm; key: string },
): JSONObject {
  const details = parts.flatMap(({ vendor }) => vendor?.[key]?.['reasoning_details'] ?? [])
  // They were JSON when they arrived, and are stored unchanged.
  return form.details && details.length > 0 ? { reasoning_details: details as JSONValue[] } : {}
}
