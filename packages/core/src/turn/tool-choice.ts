import type { ModelChoice } from '../manifest/plan.ts'

/** Whether the model may, must or must not call a tool, or which one it must call. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string }

/**
 * What an agent's `tool_choice` (`none`, `auto`, `required`, `{ function: { name } }`) means for a turn's
 * call of a model. A forced call is forced once: forced in every step, the turn would never end.
 */
export function toolChoiceOf(model: ModelChoice, steps: number): ToolChoice | undefined {
  const choice = readChoice(model.parameters?.['tool_choice'])
  const forced = choice === 'required' || typeof choice === 'object'
  return forced && steps > 0 ? 'auto' : choice
}

function readChoice(choice: unknown): ToolChoice | undefined {
  if (choice === 'none' || choice === 'auto' || choice === 'required') return choice
  if (typeof choice !== 'object' || choice === null || !('function' in choice)) return undefined
  const { function: called } = choice
  if (typeof called !== 'object' || called === null || !('name' in called)) return undefined
  return typeof called.name === 'string' ? { name: called.name } : undefined
}
