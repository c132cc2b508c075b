import { render } from '@longhaul/content'
import {
  type Engine,
  fold,
  type InputPart,
  invalid,
  LonghaulError,
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
  plan: Plan,
  before: TaskView | undefined,
  store: TaskStore,
): Promise<InputPart[]> {
  const { parts } = request.message
  if (!parts.some((part) => part.kind === 'text' && mayBeTemplate(part.text))) return parts
  // A continuation without variables of its own goes on with those of the turn before.
  const given =
    request.variables ??
    (before === undefined ? {} : fold(await store.told(before.taskId)).variables)
  // Whoever writes a message may be anybody: it prints what came with requests, and the agent's only where that allows it.
  const variables = printable({ ...(plan.variablesInMessages && plan.variables), ...given })
  const engine = request.engine ?? plan.engine
  return parts.map((part, at) =>
    part.kind === 'text'
      ? { ...part, text: renderPart(part.text, { engine, variables }, `message.parts[${at}].text`) }
      : part,
  )
}

/** All tags of all engines begin so. */
function mayBeTemplate(text: string): boolean {
  return /\{[{%#]/.test(text)
}

function renderPart(
  text: string,
  values: { engine: Engine; variables: Record<string, unknown> },
  path: string,
): string {
  try {
    return render(text, values)
  } catch (error) {
    if (error instanceof LonghaulError) throw invalid(path, error.message)
    throw error
  }
}
