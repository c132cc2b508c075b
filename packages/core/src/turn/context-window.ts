import { outputTokensAskedFor } from '../manifest/model-parameters.ts'
import type { ModelChoice } from '../manifest/plan.ts'

/**
 * The context windows of models in tokens, input and output together. The longest matching prefix of a model id
 * decides.
 */
const windows: Record<string, number> = {
  'openai/gpt-3.5-turbo': 16_385,
  'openai/gpt-4': 8_192,
  'openai/gpt-4-turbo': 128_000,
  'openai/gpt-4o': 128_000,
  'openai/gpt-4.1': 1_047_576,
  'openai/gpt-5': 400_000,
  'openai/o1': 200_000,
  'openai/o3': 200_000,
  'openai/o4': 200_000,
  'anthropic/claude': 200_000,
  'google/gemini': 1_048_576,
}

/** The window of a model that is not in the table. */
const otherWindow = 128_000

/** Tokens that are reserved for an answer when the agent sets no limit. */
export const usualAnswer = 8_192

/** The tokens that a call may send, so that enough are left for the answer. */
export function contextBudget(model: ModelChoice): number {
  const window = model.contextWindow ?? knownWindow(model.id)
  const answer = outputTokensAskedFor(model.parameters) ?? usualAnswer
  // At least half of the window is for the history, even when the answer may take more.
  return window - Math.min(answer, Math.floor(window / 2))
}

/** The longest prefixes first. */
const byLength = Object.entries(windows).toSorted(([a], [b]) => b.length - a.length)

function knownWindow(id: string): number {
  const known = byLength.find(([prefix]) => id.startsWith(prefix))
  return known?.[1] ?? otherWindow
}
