import { createContentBudget, plainTexts, renderTemplates } from '@longhaul/content'
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
  const engine = state.engine ?? plan.engine
  const prompt = plainPrompt(plan, engine) ?? (await render())
  return [prompt, plan.directions ?? '', ...state.directions]
    .filter((text) => text.trim() !== '')
    .join('\n\n')

  async function render(): Promise<string> {
    // A worker runs a limited number of turns, so its work waits for a thread and is never refused.
    const budget = createContentBudget(workspace, { patient: true, signal })
    const variables = printable({ ...plan.variables, ...state.variables })
    const { paths, templates } = partsOf(plan)
    const filled = await renderTemplates(templates, { engine, variables }, budget)
    const parts = Object.fromEntries(paths.map((name, at) => [name, filled[at]]))
    const [rendered = ''] = await renderTemplates(
      [systemOf(plan)],
      { engine, variables: { ...variables, ...parts } },
      budget,
    )
    return rendered
  }
}

type Plain = { engine: Plan['engine']; prompt: string | undefined }

/** The prompts of plans without tags. Each plan is looked at once, since it serves many calls. */
const plain = new WeakMap<Plan, Plain>()

function plainPrompt(plan: Plan, engine: Plan['engine']): string | undefined {
  const known = plain.get(plan)
  if (known?.engine === engine) return known.prompt
  const [prompt] = plainTexts([systemOf(plan), ...partsOf(plan).templates], engine) ?? []
  plain.set(plan, { engine, prompt })
  return prompt
}

function systemOf({ system }: Plan) {
  return { path: 'system_prompt', text: system }
}

function partsOf({ systemParts = {} }: Plan) {
  const templates = Object.entries(systemParts).map(([path, text]) => ({ path, text }))
  return { paths: Object.keys(systemParts), templates }
}
