import { createContentBudget, renderTemplates } from '@longhaul/content'
import { printable } from '@longhaul/core'
import type { Plan, State } from '@longhaul/core'

/**
 * The system prompt of a turn. It is the same for every repeat of a step, since everything it is made of is recorded.
 * Rejects with the signal's reason when the signal is aborted.
 */
export async function systemPrompt(
  plan: Plan,
  state: Pick<State, 'engine' | 'variables' | 'directions'>,
  { workspace, signal }: { workspace: string; signal: AbortSignal },
): Promise<string> {
  // A worker runs a limited number of turns, so its work waits for a thread and is never refused.
  const budget = createContentBudget(workspace, { patient: true, signal })
  const engine = state.engine ?? plan.engine
  const variables = printable({ ...plan.variables, ...state.variables })
  const entries = Object.entries(plan.systemParts ?? {})
  const filled = await renderTemplates(
    entries.map(([path, text]) => ({ path, text })),
    { engine, variables },
    budget,
  )
  const parts = Object.fromEntries(entries.map(([name], at) => [name, filled[at]]))
  const [prompt = ''] = await renderTemplates(
    [{ path: 'system_prompt', text: plan.system }],
    { engine, variables: { ...variables, ...parts } },
    budget,
  )
  return [prompt, plan.directions ?? '', ...state.directions]
    .filter((text) => text.trim() !== '')
    .join('\n\n')
}
