import type { HistoryResult, Message, UserFile, UserPart } from '@longhaul/core'

/**
 * Moves the files that a vendor's tool results cannot hold into a user message after the results, with the name of the
 * call to which they belong. An error is always a text.
 */
export function filesAfterResults(
  messages: readonly Message[],
  holds: (file: UserFile) => boolean,
): Message[] {
  return messages.flatMap((message, at): Message[] => {
    if (message.role === 'assistant') return [message]
    if (message.role === 'user') {
      return [{ role: 'user', parts: [...movedFrom(messages[at - 1]), ...message.parts] }]
    }
    const kept: Message = { role: 'tool', results: message.results.map(withHeldFiles) }
    const parts = messages[at + 1]?.role === 'user' ? [] : movedFrom(message)
    return parts.length === 0 ? [kept] : [kept, { role: 'user', parts }]
  })

  function movedFrom(message: Message | undefined): UserPart[] {
    if (message?.role !== 'tool') return []
    return message.results.flatMap((result): UserPart[] => {
      const { files = [], name, callId } = result
      const moved = files.filter((file) => !isHeld(file, result))
      const heading = { kind: 'text' as const, text: `Files of the result of ${name} (${callId}):` }
      return moved.length === 0 ? [] : [heading, ...moved]
    })
  }

  function withHeldFiles(result: HistoryResult): HistoryResult {
    const { files = [], ...rest } = result
    const held = files.filter((file) => isHeld(file, result))
    return held.length === 0 ? rest : { ...rest, files: held }
  }

  function isHeld(file: UserFile, { failed }: HistoryResult): boolean {
    return !failed && holds(file)
  }
}
