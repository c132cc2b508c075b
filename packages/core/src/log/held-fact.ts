import { shortenedResult, wholeResult } from '../history/held-result.ts'
import type { InputPart } from '../history/message.ts'
import type { PriorMessage } from '../history/prior-message.ts'
import { JsonText } from '../lib/json-text.ts'
import { limits } from '../limits/limits.ts'
import type { Fact, FactOf, FactType, NewFact } from './fact.ts'

/** A fact as the rules of a turn need it. The store holds the whole results. */
export function heldFact(fact: Fact): Fact {
  return held(fact.type, fact) ?? fact
}

/** The number of bytes of a fact that a process does not hold when it folds the log. */
export function notFoldedBytes(fact: NewFact): number {
  return unheld(fact.type, fact)
}

function held<Type extends FactType>(type: Type, fact: FactOf<Type>): Fact | undefined {
  const rule: HeldRule<Type> | undefined = rules[type]
  return rule?.held(fact)
}

function unheld<Type extends FactType>(type: Type, fact: NewFactOf<Type>): number {
  return rules[type].notFoldedBytes(fact)
}

type NewFactOf<Type extends FactType> = Extract<NewFact, { type: Type }>

interface HeldRule<Type extends FactType> {
  held(fact: FactOf<Type>): Fact
  notFoldedBytes(fact: NewFactOf<Type>): number
}

const whole = { held: (fact: Fact) => fact, notFoldedBytes: () => 0 }

const rules: { readonly [Type in FactType]: HeldRule<Type> } = {
  'turn.started': { held: heldTurn, notFoldedBytes: () => 0 },
  'attempt.started': whole,
  'parts.abandoned': whole,
  'part.finished': whole,
  'step.finished': whole,
  'model.failed': whole,
  'tool.called': whole,
  'tool.returned': {
    held: (fact) => ({ ...fact, result: shortenedResult(fact.result) }),
    notFoldedBytes: ({ result }) =>
      result instanceof JsonText
        ? Math.max(0, Buffer.byteLength(result.json) - limits.toolResultForModel)
        : 0,
  },
  'tool.failed': whole,
  'child.started': whole,
  'calls.spent': whole,
  'file.fetched': whole,
  'file.failed': whole,
  'context.trimmed': whole,
  'turn.parked': whole,
  'review.requested': whole,
  'review.decided': whole,
  'cancel.requested': whole,
  'turn.completed': whole,
  'turn.failed': whole,
}

function heldTurn(fact: FactOf<'turn.started'>): Fact {
  const { message, before } = fact
  return {
    ...fact,
    ...(message && { message: { ...message, parts: message.parts.map(heldPart) } }),
    ...(before && { before: before.map(heldPriorMessage) }),
  }
}

function heldPart(part: InputPart): InputPart {
  return part.kind === 'tool_result' ? { ...part, result: wholeResult(part.result) } : part
}

function heldPriorMessage(prior: PriorMessage): PriorMessage {
  if (prior.role === 'user') return { ...prior, parts: prior.parts.map(heldPart) }
  if (prior.role !== 'tool') return prior
  const results = prior.results.map((each) => ({
    ...each,
    result: wholeResult(each.result),
  }))
  return { ...prior, results }
}
