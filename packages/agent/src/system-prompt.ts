import { renderApart } from '@longhaul/content'
import { printable } from '@longhaul/core'
import type { Plan, State } from '@longhaul/core'

/** The system prompt of a turn. The same for every repeat of a step, since all it is made of is recorded. */
export async function systemPrompt(
  plan: Plan,
  state: Pick<State, 'engine' | 'variables' | 'directions'>,
  workspace: string,
): Promise<string> {
  const engine = state.engine ?? plan.engine
  const variables = printable({ ...plan.variables, ...state.variables })
  // A worker runs so many turns and no more.
  const patiently = { workspace, patient: true }
  const entries = Object.entries(plan.systemParts ?? {})
  const filled = await renderApart(
    entries.map(([path, text]) => ({ path, text })),
    { engine, variables, ...patiently },
  )
  const parts = Object.fromEntries(entries.map(([name], at) => [name, filled[at]]))
  const [prompt = ''] = await renderApart([{ path: 'system_prompt', text: plan.system }], {
    engine,
    variables: { ...variables, ...parts },
    ...patiently,
  })
  return [prompt, plan.directions ?? '', ...state.directions]
    .filter((text) => text.trim() !== '')
    .join('\n\n')
}
