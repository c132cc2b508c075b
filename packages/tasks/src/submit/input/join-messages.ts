import type { PriorResult, ToolCall } from '@longhaul/core'
import { isSameCall } from './call-identity.ts'
import type { SentMessage } from './input-item.ts'

type Assistant = Extract<SentMessage, { role: 'assistant' }>
type Results = Extract<SentMessage, { role: 'tool' }>
type Placed = { result: PriorResult; path: string }

/**
 * The messages of new items as a conversation: adjacent calls belong to one answer, and each result directly follows the
 * answer that has its call, at whatever position it was sent. Results of `pending` calls come first. A result of no call
 * keeps its position, where it is refused later. Reasoning belongs to the answer that follows it.
 */
export function joinMessages(messages: SentMessage[], pending: readonly string[]): SentMessage[] {
  const all: SentMessage[] = []
  const first: Placed[] = []
  const early: Placed[] = []
  const waiting = new Set(pending)
  /** The latest answer with a call of an id, and the calls that have no result yet. */
  const callers = new Map<string, Assistant>()
  const open = new Map<string, ToolCall>()
  const answered = new Map<string, PriorResult>()
  const later = countCalls(messages)
  let reasoning: Assistant['parts'] = []

  function addAnswer({ parts, calls, paths }: Assistant): void {
    const visible = parts.filter(({ kind }) => kind !== 'reasoning')
    if (visible.length + calls.length === 0) {
      reasoning.push(...parts)
      return
    }
    const last = all.at(-1)
    const answer: Assistant =
      last?.role === 'assistant'
        ? last
        : { role: 'assistant', parts: [], calls: [], ...(paths && { paths }) }
    if (answer !== last) all.push(answer)
    answer.parts.push(...reasoning, ...parts)
    reasoning = []
    for (const call of calls) addCall(answer, call)
  }

  function addCall(answer: Assistant, call: ToolCall): void {
    const { callId } = call
    later.set(callId, (later.get(callId) ?? 0) - 1)
    const same = open.get(callId)
    // The same call was sent twice. With another name or other arguments it is refused later.
    if (same !== undefined && isSameCall(call, same)) return
    answer.calls.push(call)
    callers.set(callId, answer)
    open.set(callId, call)
  }

  function addResult(result: PriorResult, path: string): void {
    const { callId } = result
    const caller = open.has(callId) ? callers.get(callId) : undefined
    if (caller !== undefined) {
      addAfter(all, caller, { result, path })
      open.delete(callId)
    } else if (waiting.delete(callId)) {
      first.push({ result, path })
    } else if (isSame(answered.get(callId), result)) {
      return
    } else if ((later.get(callId) ?? 0) > 0) {
      early.push({ result, path })
      return
    } else {
      all.push({ role: 'tool', results: [result], paths: [path] })
    }
    answered.set(callId, result)
  }

  for (const message of messages) {
    if (message.role === 'assistant') {
      addAnswer(message)
      continue
    }
    reasoning = []
    if (message.role !== 'tool') {
      all.push(message)
      continue
    }
    for (const [at, result] of message.results.entries()) {
      addResult(result, message.paths?.[at] ?? '')
    }
  }
  for (const { result, path } of early) addResult(result, path)
  return first.length === 0 ? all : [toResults(first), ...all]
}

/** Adds a result directly after the answer that has its call. */
function addAfter(all: SentMessage[], answer: Assistant, { result, path }: Placed): void {
  const at = all.lastIndexOf(answer) + 1
  const next = all[at]
  if (next?.role !== 'tool') {
    all.splice(at, 0, toResults([{ result, path }]))
    return
  }
  next.results.push(result)
  next.paths?.push(path)
}

function toResults(placed: Placed[]): Results {
  return {
    role: 'tool',
    results: placed.map(({ result }) => result),
    paths: placed.map(({ path }) => path),
  }
}

function isSame(one: PriorResult | undefined, other: PriorResult): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other)
}

function countCalls(messages: SentMessage[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const message of messages) {
    if (message.role !== 'assistant') continue
    for (const { callId } of message.calls) counts.set(callId, (counts.get(callId) ?? 0) + 1)
  }
  return counts
}
