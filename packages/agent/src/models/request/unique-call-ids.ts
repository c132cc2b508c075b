import type { HistoryCall, HistoryResult, Message } from '@longhaul/core'

/**
 * The messages with a different id for each call. A history that a client sends may use an id twice, which vendors
 * refuse. The later call gets another id, always the same one, and so does its result.
 */
export function withUniqueCallIds(messages: Message[]): Message[] {
  const ids = messages.flatMap((message) =>
    message.role === 'assistant' ? message.calls.map(({ callId }) => callId) : [],
  )
  const known = new Set(ids)
  if (known.size === ids.length) return messages

  const used = new Set<string>()
  /** The calls of the last reply without a result. */
  let open: { before: string; after: string }[] = []

  function unique(call: HistoryCall): HistoryCall {
    const callId = used.has(call.callId) ? freshId(call.callId, known) : call.callId
    used.add(callId)
    known.add(callId)
    open.push({ before: call.callId, after: callId })
    return { ...call, callId }
  }

  function renamed(result: HistoryResult): HistoryResult {
    const at = open.findIndex(({ before }) => before === result.callId)
    const [call] = at === -1 ? [] : open.splice(at, 1)
    return call === undefined ? result : { ...result, callId: call.after }
  }

  return messages.map((message) => {
    if (message.role === 'tool') return { ...message, results: message.results.map(renamed) }
    if (message.role === 'user') return message
    open = []
    return { ...message, calls: message.calls.map(unique) }
  })
}

/** The longest id that every vendor accepts. */
const longestId = 64

function freshId(id: string, known: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const suffix = `_${number}`
    const fresh = id.slice(0, longestId - suffix.length) + suffix
    if (!known.has(fresh)) return fresh
  }
}
