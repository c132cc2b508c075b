import { type ToolChoice, toolChoiceAskedFor } from '../manifest/model-parameters.ts'
import type { ModelChoice } from '../manifest/plan.ts'

/**
 * The tool choice for a turn's model call. A forced call is forced only in the first step: forced in every step, the
 * turn would never end.
 */
export function toolChoiceOf({ parameters }: ModelChoice, steps: number): ToolChoice | undefined {
  const choice = toolChoiceAskedFor(parameters)
  const forced = choice === 'required' || typeof choice === 'object'
  return forced && steps > 0 ? 'auto' : choice
}
