import { outputTokensAskedFor, withOutputTokens } from '../manifest/model-parameters.ts'
import type { ModelChoice } from '../manifest/plan.ts'

/** Limits a model to `left` output tokens, if the turn has such a limit. */
export function withinOutput(model: ModelChoice, left: number | undefined): ModelChoice {
  const { id, parameters = {} } = model
  const requested = outputTokensAskedFor(parameters)
  if (left === undefined || (requested !== undefined && requested <= left)) return model
  return { ...model, parameters: withOutputTokens(id, parameters, left) }
}
