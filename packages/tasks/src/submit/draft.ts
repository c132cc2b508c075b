import type { ContentBudget } from '@longhaul/content'
import { invalid, limits, type RequestMetadata, type PriorMessage } from '@longhaul/core'
import { adaptPlan } from '../plan/adapt-plan.ts'
import { sealVariables } from '../secrets/seal-variables.ts'
import type { WithPaths } from './input/input-item.ts'
import { checkFiles, checkFilesOfResult } from './message/check-files.ts'
import type { Drafted, Located, StepPorts } from './pipeline.ts'
import { refuseLargeTurn } from './message/refuse-large-turn.ts'
import { refuseManyFiles } from './message/refuse-many-files.ts'
import { renderMessage } from './message/render-message.ts'
import type { TurnRequest } from './turn-request.ts'

/** Makes the draft of a turn from its request. Rejects with invalid and names the field. */
export async function draft(
  request: TurnRequest,
  found: Located,
  ports: StepPorts,
): Promise<Drafted> {
  const { workspace, message, changes } = request
  const { newId, newHex, seal } = ports
  const { answerer, target, budget } = found
  const { plan } = answerer
  const variables = variablesOf(request, { workspace, seal })
  const callerMetadata = metadataOf(request, target.task?.notes ?? target.copy?.notes)
  const rendered = request.literal
    ? message.parts
    : await renderMessage({ ...request, variables }, { plan, task: target.task, budget, ports })
  refuseManyFiles(request)
  const before = (request.before ?? []).map(checkPriorMessage)
  const parts = checkFiles(rendered, message.paths)
  const fields = {
    model: plan.models[0]?.id ?? '',
    message: { messageId: message.messageId ?? newId(), role: message.role, parts },
    assistantMessageId: newId(),
    traceId: newHex(32),
    spanId: newHex(16),
    ...(request.engine !== undefined && { engine: request.engine }),
    ...(callerMetadata !== undefined && { notes: callerMetadata }),
    ...(request.asked !== undefined && { asked: request.asked }),
    ...(request.ignored !== undefined && { ignored: request.ignored }),
    ...(request.webhook !== undefined && { webhook: request.webhook }),
    ...(request.callerWait !== undefined && { callerWait: request.callerWait }),
    ...(request.streamed === true && { streamed: true as const }),
  }
  const recorded = { fields, before, variables }
  if (mayBeLarge(budget)) refuseLargeTurn(request, recorded)
  const ownPlan = changes && (await adaptPlan(plan, changes, budget))
  return { ...found, draft: { ...recorded, ownPlan } }
}

function variablesOf(
  { variables, hasSealedVariables }: TurnRequest,
  sealing: Parameters<typeof sealVariables>[1],
): Record<string, unknown> | undefined {
  if (variables === undefined || hasSealedVariables) return variables
  return sealVariables(variables, sealing)
}

function checkPriorMessage({ paths, ...message }: PriorMessage & WithPaths): PriorMessage {
  if (message.role === 'user') return { ...message, parts: checkFiles(message.parts, paths) }
  if (message.role !== 'tool') return message
  const results = message.results.map((result, at) => checkFilesOfResult(result, paths?.[at]))
  return { ...message, results }
}

/**
 * A body alone is small enough to be recorded. It grows by its templates' output, at most six bytes for a character.
 */
function mayBeLarge({ left }: ContentBudget): boolean {
  const printed = limits.content.characters - left.characters
  return printed > (limits.submission - limits.body) / 6
}

/** A continuation keeps the caller metadata that it does not set. */
function metadataOf(
  { notes: callerMetadata }: TurnRequest,
  current: RequestMetadata = {},
): RequestMetadata | undefined {
  if (callerMetadata === undefined && Object.keys(current).length === 0) return undefined
  const all = { ...current, ...callerMetadata }
  if (JSON.stringify(all).length <= limits.notes) return all
  const sizes = Object.entries(all).map(([name, note]) => ({
    name,
    size: JSON.stringify(note).length,
  }))
  const [largest] = sizes.toSorted((a, b) => b.size - a.size)
  throw invalid(largest?.name ?? '', `is too large: ${limits.notes} characters are kept`)
}
