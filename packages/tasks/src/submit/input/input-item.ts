import type { Fact, PriorMessage } from '@longhaul/core'

/** The paths of the message's parts in the caller's body, if not `message.parts`. */
export type WithPaths = { paths?: string[] }

export type SentMessage = PriorMessage & WithPaths

/** An item of the input of a request. */
export type SentItem = {
  /** The path of the item in the caller's body. */
  path: string
  /** The id that the caller sends with it. It may be the id of an item of an earlier response. */
  id?: string
  /**
   * What the item adds to the conversation: nothing, a message, a call, a result, or a call with its result. Absent where
   * the caller sends only the id.
   */
  messages?: SentMessage[]
}

/** An item with its content. */
export type WholeItem = SentItem & { messages: SentMessage[] }

/** Reads the finished items of a response and of its request from the facts of their turn, by the ids of the items. */
export type ReadItems = (taskId: string, facts: Fact[]) => Promise<Map<string, PriorMessage[]>>

/** The ids of the calls and of the results of an item. */
export function callIdsOf({ messages = [] }: SentItem): { calls: string[]; results: string[] } {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.calls : []))
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.results : []))
  return { calls: calls.map(({ callId }) => callId), results: results.map(({ callId }) => callId) }
}
