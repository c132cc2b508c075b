import { render } from '@longhaul/content'
import type { Plan } from '@longhaul/core'

/** The system prompt of a turn. The same for every repeat of a step, since all it is made of is recorded. */
export function systemPrompt(plan: Plan, variables: Record<string, unknown>): string {
  return render(plan.system, {
    engine: plan.engine,
    variables: { ...plan.variables, ...variables },
  })
}
