import type { FactType, NewFact } from './fact.ts'

/** Whether a fact closes a step, and with it the step's streamed parts. */
export function closesParts({ type }: NewFact): boolean {
  return effects[type] === 'closes parts'
}

/**
 * Whether a fact adds its task to those with calls that wait for a reviewer. No append both closes parts and requests a
 * review.
 */
export function requestsReview({ type }: NewFact): boolean {
  return effects[type] === 'asks review'
}

/** The effect of a fact beside the log. */
const effects: { readonly [Type in FactType]: 'closes parts' | 'asks review' | 'none' } = {
  'turn.started': 'none',
  'attempt.started': 'none',
  'parts.abandoned': 'closes parts',
  'part.finished': 'none',
  'step.finished': 'closes parts',
  'model.failed': 'closes parts',
  'tool.called': 'none',
  'tool.returned': 'none',
  'tool.failed': 'none',
  'child.started': 'none',
  'calls.spent': 'none',
  'file.fetched': 'none',
  'file.failed': 'none',
  'context.trimmed': 'none',
  'turn.parked': 'none',
  'review.requested': 'asks review',
  'review.decided': 'none',
  'cancel.requested': 'none',
  'turn.completed': 'none',
  'turn.failed': 'none',
}
