import { type ContentBudget, renderTemplates } from '@longhaul/content'
import { fold, type InputPart, type Plan, printable, type TaskView } from '@longhaul/core'
import type { StepPorts } from '../pipeline.ts'
import type { TurnRequest } from '../turn-request.ts'

type Ports = Pick<StepPorts, 'store' | 'reserve'>

/** The parts of a message, with its templates filled. Rejects with invalid and names the part. */
export async function renderMessage(
  request: Pick<TurnRequest, 'message' | 'engine'> & {
    variables: Record<string, unknown> | undefined
  },
  {
    plan,
    task,
    budget,
    ports,
  }: {
    plan: Plan
    /** The task that the turn continues. */
    task: TaskView | undefined
    budget: ContentBudget
    ports: Ports
  },
): Promise<InputPart[]> {
  const { parts } = request.message
  if (!parts.some((part) => part.kind === 'text' && mayBeTemplate(part.text))) return parts
  // A continuation without variables uses those of the turn before.
  const own = request.variables ?? (task && (await variablesOf(task, ports))) ?? {}
  // The author of a message is not trusted: it prints the variables of requests, but those of the agent only where the
  // agent allows it.
  const variables = printable({ ...(plan.variablesInMessages && plan.variables), ...own })
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
  { store, reserve }: Ports,
): Promise<Record<string, unknown>> {
  reserve(bytes)
  return fold(await store.readableFacts(taskId)).variables
}

/** All tags of all engines begin like this. */
function mayBeTemplate(text: string): boolean {
  return /\{[{%#]/.test(text)
}
