import { invalid } from '@longhaul/core'
import { checkAnswers } from './message/check-answers.ts'
import type { Located } from './pipeline.ts'
import type { TurnRequest } from './turn-request.ts'

/** Refuses what cannot be said where the turn goes. Throws invalid, naming the field. */
export function validate(request: TurnRequest, found: Located): Located {
  const { kind, pending } = found.target
  if (kind === 'new' && request.message.role === 'tool' && request.before === undefined) {
    throw invalid('task', 'tool results need the task that asked for them')
  }
  checkAnswers(request, pending)
  return found
}
