import type { Fact } from '../log/fact.ts'
import { perFact, type PerFact } from '../log/per-fact.ts'

/** A fact without its contents: `timeParts` needs only its kind, its times and its names. */
export function timedFact(fact: Fact): Fact {
  return perFact(rules, fact, undefined) ?? fact
}

const whole = (fact: Fact) => fact

const rules: PerFact<undefined, Fact> = {
  'turn.started': ({ before: _before, message: _message, variables: _variables, ...fact }) => ({
    ...fact,
    ...(fact.notes && { notes: {} }),
  }),
  'attempt.started': whole,
  'parts.abandoned': whole,
  'part.finished': (fact) => ({ ...fact, text: '' }),
  'step.finished': (fact) => ({ ...fact, calls: [] }),
  'model.failed': whole,
  'tool.called': (fact) => ({ ...fact, arguments: {} }),
  'tool.returned': (fact) => ({ ...fact, result: null, files: [] }),
  'tool.failed': (fact) => ({ ...fact, error: '' }),
  'child.started': whole,
  'calls.spent': whole,
  'file.fetched': (fact) => ({ ...fact, data: '' }),
  'file.failed': whole,
  'context.trimmed': whole,
  'turn.parked': whole,
  'review.requested': (fact) => ({ ...fact, arguments: {} }),
  'review.decided': whole,
  'cancel.requested': whole,
  'turn.completed': (fact) => ({
    ...fact,
    pending: fact.pending.map((call) => ({ ...call, arguments: '' })),
  }),
  'turn.failed': whole,
}
