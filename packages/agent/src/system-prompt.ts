import { render } from '@longhaul/content'
import { createBudget, printable } from '@longhaul/core'
import type { Plan, State } from '@longhaul/core'

/** The system prompt of a turn. The same for every repeat of a step, since all it is made of is recorded. */
export function systemPrompt(
  plan: Plan,
  state: Pick<State, 'engine' | 'variables' | 'directions'>,
): string {
  const engine = state.engine ?? plan.engine
  const variables = printable({ ...plan.variables, ...state.variables })
  const budget = createBudget()
  const parts = Object.entries(plan.systemParts ?? {}).map(([name, template]) => [
    name,
    render(template, { engine, variables, budget }),
  ])
  const prompt = render(plan.system, {
    engine,
    budget,
    variables: { ...variables, ...Object.fromEntries(parts) },
  })
  return [prompt, plan.directions ?? '', ...state.directions]
    .filter((text) => text.trim() !== '')
    .join('\n\n')
}
