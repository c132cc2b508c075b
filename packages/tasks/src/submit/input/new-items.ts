import { callIdsOf, type SentItem } from './input-item.ts'
import { type KnownContent, keyOf } from './known-content.ts'

/**
 * The items of a request that its conversation does not contain yet, in their order. These items are repeated:
 *
 * - an item with the id of an item that the conversation contains;
 * - a call that it contains, and the result of a call that waits for none;
 * - a message that it contains, if the message stands before one of these, or before the result of a waiting call;
 * - the messages at the beginning that repeat all messages of the user, if more follows.
 */
export function newItems(
  items: SentItem[],
  known: KnownContent,
  pending: readonly string[],
): SentItem[] {
  const waiting = new Set(pending)
  const repeated = items.map((item) => isKnownById(item, known, waiting))
  const keys = items.map(keyOfItem)
  const isKnownMessage = keys.map((key) => key !== undefined && known.containsMessage(key))
  let end = Math.max(
    repeated.lastIndexOf(true),
    items.findLastIndex((item) => answers(item, waiting)),
    endOfHistory(items, keys, known),
  )
  // Answers of the model that follow are as old.
  while (isKnownMessage[end + 1] && keys[end + 1]?.startsWith('assistant ') && end >= 0) end += 1
  return items.filter((item, at) => {
    if (repeated[at]) return false
    return !(isKnownMessage[at] && (at <= end || item.messages?.[0]?.role === 'system'))
  })
}

/** Whether the conversation contains an item, as its id or the id of its call shows. */
function isKnownById(item: SentItem, known: KnownContent, waiting: Set<string>): boolean {
  if (item.id !== undefined && known.containsItem(item.id)) return true
  const { calls, results } = callIdsOf(item)
  if (calls.length + results.length === 0) return false
  return (
    calls.every((callId) => known.containsCall(callId)) &&
    results.every((callId) => known.containsCall(callId) && !waiting.has(callId))
  )
}

function answers(item: SentItem, waiting: Set<string>): boolean {
  const { results } = callIdsOf(item)
  return results.length > 0 && results.every((callId) => waiting.has(callId))
}

/**
 * The index of the last message of the user that the conversation contains, if the items begin with all of its
 * messages; else -1. A new message must follow: a conversation of one "Yes" may go on with another one.
 */
function endOfHistory(
  items: SentItem[],
  keys: (string | undefined)[],
  { userMessages }: KnownContent,
): number {
  const own = items.flatMap((_, at) => (keys[at]?.startsWith('user ') ? [at] : []))
  const end = own[userMessages.length - 1]
  if (end === undefined || !userMessages.every((key, at) => keys[own[at] ?? -1] === key)) return -1
  const more = items.slice(end + 1).some((item, at) => {
    return keys[end + 1 + at]?.startsWith('user ') || callIdsOf(item).results.length > 0
  })
  return more ? end : -1
}

function keyOfItem({ messages = [] }: SentItem): string | undefined {
  const [message] = messages
  return message === undefined || messages.length > 1 ? undefined : keyOf(message)
}
