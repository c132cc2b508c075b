import { type ToolChoice, toolChoiceAskedFor } from '../manifest/model-parameters.ts'
import type { ModelChoice } from '../manifest/plan.ts'

/**
 * What an agent's choice of tools means for a turn's call of a model. A forced call is forced once: forced in every
 * step, the turn would never end.
 */
export function toolChoiceOf({ parameters }: ModelChoice, steps: number): ToolChoice | undefined {
  const choice = toolChoiceAskedFor(parameters)
  const forced = choice === 'required' || typeof choice === 'object'
  return forced && steps > 0 ? 'auto' : choice
}
