import {
  type Fact,
  type PriorMessage,
  PriorResult,
  rejection,
  ReplyPart,
  type ReviewRequested,
  type StepFinished,
  type ToolCall,
} from '@longhaul/core'

/** A call, and the hidden reasoning before it. */
type Called = { call: ToolCall; hidden: ReplyPart[] }

/**
 * Returns a function that finds what a part or a call of a turn adds to a conversation, by its id and the type of its
 * item: nothing for a part that was abandoned. A call that the server made has a result.
 */
export function contentOfFacts(facts: Fact[]): (source: string, type: string) => PriorMessage[] {
  const parts = new Map<string, ReplyPart[]>()
  const calls = new Map<string, Called>()
  const results = new Map<string, PriorResult>()
  const reviews = new Map<string, ReviewRequested>()
  /** The finished parts of a step that has not ended. Reasoning without a text belongs to what follows it. */
  let finished: { partId: string; parts: ReplyPart[] }[] = []
  let hidden: ReplyPart[] = []

  function addCall(call: ToolCall): void {
    if (!calls.has(call.callId)) calls.set(call.callId, { call, hidden: [] })
  }

  function finishStep({ problem, calls: made }: StepFinished): void {
    for (const { partId, parts: whole } of finished) {
      if (problem === undefined || whole.at(-1)?.kind !== 'text') parts.set(partId, whole)
    }
    for (const { callId, name, arguments: text, vendor, notMade } of made) {
      const call = { callId, name, arguments: text, ...(vendor && { vendor }) }
      calls.set(callId, { call, hidden })
      hidden = []
      if (notMade !== undefined) results.set(callId, { callId, result: notMade, failed: true })
    }
    clear()
  }

  function clear(): void {
    finished = []
    hidden = []
  }

  for (const fact of facts) {
    switch (fact.type) {
      case 'part.finished': {
        const part = ReplyPart.parse(fact)
        if (fact.text !== '') finished.push({ partId: fact.partId, parts: [...hidden, part] })
        hidden = fact.text === '' ? [...hidden, part] : []
        break
      }
      case 'step.finished':
        finishStep(fact)
        break
      case 'parts.abandoned':
      case 'model.failed':
        clear()
        break
      case 'tool.called':
        addCall(callOf(fact))
        break
      case 'tool.returned':
        results.set(fact.callId, PriorResult.parse(fact))
        break
      case 'tool.failed':
        results.set(fact.callId, { callId: fact.callId, result: fact.error, failed: true })
        break
      case 'review.requested':
        reviews.set(fact.callId, fact)
        addCall(callOf(fact))
        break
      case 'review.decided': {
        if (fact.review === 'approved') break
        const { callId } = fact
        const result = rejection(fact, reviews.get(callId)?.because)
        results.set(callId, { callId, result, failed: true })
        break
      }
      case 'turn.completed':
        for (const call of fact.pending) addCall(call)
        break
      case 'turn.started':
      case 'turn.failed':
      case 'attempt.started':
      case 'child.started':
      case 'calls.spent':
      case 'file.fetched':
      case 'file.failed':
      case 'context.trimmed':
      case 'turn.parked':
      case 'cancel.requested':
        break
      default:
        fact satisfies never
    }
  }

  return (source, type) => {
    const found = parts.get(source)
    if (found !== undefined) return [{ role: 'assistant', parts: found, calls: [] }]
    const called = calls.get(source)
    if (called === undefined) return []
    const answer = { role: 'assistant' as const, parts: called.hidden, calls: [called.call] }
    if (type !== 'mcp_call') return [answer]
    const result = results.get(source) ?? { callId: source, result: notEnded, failed: true }
    return [answer, { role: 'tool', results: [result] }]
  }
}

/** The same text as in a history that continues after such a turn. */
const notEnded = 'not run: the turn ended before it'

function callOf({
  callId,
  name,
  arguments: given,
}: {
  callId: string
  name: string
  arguments: Record<string, unknown>
}): ToolCall {
  return { callId, name, arguments: JSON.stringify(given) }
}
