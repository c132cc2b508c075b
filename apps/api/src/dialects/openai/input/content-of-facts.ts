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

/**
 * Returns a function that finds what a part or a call of a turn adds to a conversation, by its id and the type of its
 * item: nothing for a part that was abandoned. A call that the server made has a result.
 */
export function contentOfFacts(facts: Fact[]): (source: string, type: string) => PriorMessage[] {
  const answers = createAnswers()
  const resultOf = resultsIn(facts)
  for (const fact of facts) answers.addFact(fact)

  return (source, type) => {
    const parts = answers.contentOfPart(source)
    if (parts !== undefined) return [{ role: 'assistant', parts, calls: [] }]
    const called = answers.callOf(source)
    if (called === undefined) return []
    const answer = { role: 'assistant' as const, parts: called.hidden, calls: [called.call] }
    if (type !== 'mcp_call') return [answer]
    return [answer, { role: 'tool', results: [resultOf(called.call)] }]
  }
}

/** A call, and the hidden reasoning before it. */
type Called = { call: ToolCall; hidden: ReplyPart[] }

/** The parts and calls of the model's answers. Reasoning without a text belongs to what follows it. */
function createAnswers() {
  const parts = new Map<string, ReplyPart[]>()
  const calls = new Map<string, Called>()
  /** The finished parts of a step that has not ended. */
  let finished: { partId: string; whole: ReplyPart[] }[] = []
  let hidden: ReplyPart[] = []

  function finishStep({ problem, calls: made }: StepFinished): void {
    for (const { partId, whole } of finished) {
      if (problem === undefined || whole.at(-1)?.kind !== 'text') parts.set(partId, whole)
    }
    for (const { callId, name, arguments: text, vendor } of made) {
      calls.set(callId, {
        call: { callId, name, arguments: text, ...(vendor && { vendor }) },
        hidden,
      })
      hidden = []
    }
    clear()
  }

  function clear(): void {
    finished = []
    hidden = []
  }

  /** Adds a call that no step of the turn has: one of a failed turn that this turn continues. */
  function addCall(call: ToolCall): void {
    if (!calls.has(call.callId)) calls.set(call.callId, { call, hidden: [] })
  }

  return {
    contentOfPart: (partId: string) => parts.get(partId),
    callOf: (callId: string) => calls.get(callId),

    addFact(fact: Fact): void {
      if (fact.type === 'part.finished') {
        const whole = [...hidden, ReplyPart.parse(fact)]
        if (fact.text !== '') finished.push({ partId: fact.partId, whole })
        hidden = fact.text === '' ? whole : []
      }
      if (fact.type === 'step.finished') finishStep(fact)
      if (fact.type === 'parts.abandoned' || fact.type === 'model.failed') clear()
      if (fact.type === 'tool.called' || fact.type === 'review.requested') {
        const { callId, name, arguments: given } = fact
        addCall({ callId, name, arguments: JSON.stringify(given) })
      }
      if (fact.type === 'turn.completed') for (const call of fact.pending) addCall(call)
    },
  }
}

/** The results of the calls that the server made, or the reasons why it did not make them. */
function resultsIn(facts: Fact[]): (call: ToolCall) => PriorResult {
  const results = new Map<string, PriorResult>()
  const reviews = new Map<string, ReviewRequested>()
  const fail = (callId: string, result: string) =>
    void results.set(callId, { callId, result, failed: true })
  for (const fact of facts) {
    if (fact.type === 'tool.returned') results.set(fact.callId, PriorResult.parse(fact))
    if (fact.type === 'tool.failed') fail(fact.callId, fact.error)
    if (fact.type === 'review.requested') reviews.set(fact.callId, fact)
    if (fact.type === 'review.decided' && fact.review === 'rejected') {
      fail(fact.callId, rejection(fact, reviews.get(fact.callId)?.because))
    }
    if (fact.type !== 'step.finished') continue
    for (const { callId, notMade } of fact.calls) if (notMade !== undefined) fail(callId, notMade)
  }
  // The same text as in a history that continues after such a turn.
  const notEnded = { result: 'not run: the turn ended before it', failed: true as const }
  return ({ callId }) => results.get(callId) ?? { callId, ...notEnded }
}
