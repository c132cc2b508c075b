import {
  type Fact,
  limits,
  parseItemId,
  parseResponseId,
  type PriorMessage,
  responseId,
} from '@longhaul/core'

export type KnownContent = ReturnType<typeof knownContent>

/**
 * What a task contains up to the end of a turn, for the comparison with the items of a request. Without its log, only its
 * own items and the calls that wait for results are known. `facts` are its facts, from the first on.
 */
export function knownContent(
  { taskId, turn, pending = [] }: { taskId: string; turn: number; pending?: string[] },
  facts: Fact[] = [],
) {
  const content: Content = {
    turns: new Map(),
    origins: [],
    calls: new Set(pending),
    messages: new Set(),
    userMessages: [],
  }
  for (const fact of facts) {
    if (fact.type === 'turn.started' && fact.turn > turn) break
    addFact(content, fact)
  }
  addOrigin(content, responseId(taskId, turn))
  const { turns, origins, calls, messages, userMessages } = content
  const items = new Set(origins)

  return {
    /** Where the content comes from, for the first fact of a copy. Of too many, the newest stay. */
    origins: origins.slice(-limits.items),
    /** The messages of the user, oldest first, as `keyOf` writes them. */
    userMessages,
    /** Whether it contains the item of an earlier response that an id names. */
    containsItem(id: string): boolean {
      if (items.has(id)) return true
      const item = parseItemId(id)
      return item !== undefined && item.turn <= (turns.get(item.taskId) ?? 0)
    },
    containsCall: (callId: string) => calls.has(callId),
    containsMessage: (key: string) => messages.has(key),
  }
}

type Content = {
  /** The latest turn of each task. */
  turns: Map<string, number>
  /** The ids of responses and of single items. */
  origins: string[]
  calls: Set<string>
  messages: Set<string>
  userMessages: string[]
}

function addFact(content: Content, fact: Fact): void {
  if (fact.type === 'turn.started') {
    const { message, before = [], origins = [] } = fact
    for (const origin of origins) addOrigin(content, origin)
    for (const prior of before) addMessage(content, prior)
    if (message?.role === 'user') addMessage(content, { role: 'user', parts: message.parts })
  }
  if (fact.type === 'part.finished' && fact.kind === 'text') {
    content.messages.add(keyOfText('assistant', fact.text))
  }
  if (fact.type === 'step.finished') {
    for (const { callId } of fact.calls) content.calls.add(callId)
  }
}

/** A message as a text, to find its repetitions. Calls and results have none: their ids are compared. */
export function keyOf(message: PriorMessage): string | undefined {
  switch (message.role) {
    case 'system':
      return keyOfText('system', message.text)
    case 'user': {
      const parts = message.parts.map((part) => {
        if (part.kind !== 'file') return part.kind === 'text' ? part.text : part
        return [part.file.bytes ?? part.file.uri]
      })
      return `user ${JSON.stringify(parts)}`
    }
    case 'assistant': {
      if (message.calls.length > 0) return undefined
      return keyOfText('assistant', message.parts.map(({ text }) => text).join(''))
    }
    case 'tool':
      return undefined
  }
}

function keyOfText(role: 'system' | 'assistant', text: string): string {
  return `${role} ${text}`
}

function addOrigin({ turns, origins }: Content, origin: string): void {
  origins.push(origin)
  const response = parseResponseId(origin)
  if (response === undefined) return
  turns.set(response.taskId, Math.max(response.turn, turns.get(response.taskId) ?? 0))
}

function addMessage(content: Content, message: PriorMessage): void {
  const key = keyOf(message)
  if (key !== undefined) content.messages.add(key)
  if (message.role === 'user' && key !== undefined) content.userMessages.push(key)
  if (message.role !== 'assistant') return
  for (const { callId } of message.calls) content.calls.add(callId)
  for (const { text } of message.parts) content.messages.add(keyOfText('assistant', text))
}
