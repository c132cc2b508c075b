import { invalid } from '@longhaul/core'
import { checkAnswers } from './message/check-answers.ts'
import type { Located, StepPorts } from './pipeline.ts'
import { refuseFarStart } from './check-start.ts'
import type { TurnRequest } from './turn-request.ts'

/** Refuses messages that do not fit the target of the turn. Throws invalid and names the field. */
export function validate(
  request: TurnRequest,
  found: Located,
  { now }: Pick<StepPorts, 'now'>,
): Located {
  refuseFarStart(request, now())
  const { kind, pending } = found.target
  if (kind === 'new' && request.message.role === 'tool' && request.before === undefined) {
    throw invalid('task', 'tool results need the task that asked for them')
  }
  checkAnswers(request, pending)
  return found
}
