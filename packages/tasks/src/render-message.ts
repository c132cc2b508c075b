import { type ContentBudget, renderTemplates } from '@longhaul/content'
import {
  type Admit,
  fold,
  type InputPart,
  type Plan,
  printable,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'
import type { TurnRequest } from './turn-request.ts'

/** The parts of a message, its templates filled. Rejects with invalid, naming the part. */
export async function renderMessage(
  request: Pick<TurnRequest, 'message' | 'engine'> & {
    variables: Record<string, unknown> | undefined
  },
  {
    plan,
    before,
    store,
    budget,
    admit,
  }: {
    plan: Plan
    before: TaskView | undefined
    store: TaskStore
    budget: ContentBudget
    admit: Admit
  },
): Promise<InputPart[]> {
  const { parts } = request.message
  if (!parts.some((part) => part.kind === 'text' && mayBeTemplate(part.text))) return parts
  // A continuation without variables of its own goes on with those of the turn before.
  const given = request.variables ?? (before && (await variablesOf(before, { store, admit }))) ?? {}
  // Whoever writes a message may be anybody: it prints what came with requests, and the agent's only where that allows it.
  const variables = printable({ ...(plan.variablesInMessages && plan.variables), ...given })
  const engine = request.engine ?? plan.engine
  const templates = parts.flatMap((part, at) =>
    part.kind === 'text' && mayBeTemplate(part.text)
      ? [{ at, path: `message.parts[${at}].text`, text: part.text }]
      : [],
  )
  const texts = await renderTemplates(templates, { engine, variables }, budget)
  const filled = new Map(templates.map(({ at }, i) => [at, texts[i]]))
  return parts.map((part, at) => {
    const text = filled.get(at)
    return part.kind === 'text' && text !== undefined ? { ...part, text } : part
  })
}

async function variablesOf(
  { taskId, bytes }: TaskView,
  { store, admit }: { store: TaskStore; admit: Admit },
): Promise<Record<string, unknown>> {
  admit(bytes)
  return fold(await store.told(taskId)).variables
}

/** All tags of all engines begin so. */
function mayBeTemplate(text: string): boolean {
  return /\{[{%#]/.test(text)
}
