import {
  type Firing,
  type FiringOutcome,
  type InputMessage,
  limits,
  LonghaulError,
  type Registry,
  type Agent,
  type Schedule,
} from '@longhaul/core'
import type { StepPorts } from '../submit/pipeline.ts'
import type { SentItem } from '../submit/input/input-item.ts'
import { submit } from '../submit/submit.ts'
import type { ItemRequest, TurnRequest } from '../submit/turn-request.ts'

export type FiringPorts = StepPorts & {
  registry: Pick<Registry<Agent>, 'idOf'>
}

/** Submits the turn of an occurrence. A repeat finds the turn of the first submit, so it fires once. */
export async function submitFiring(
  schedule: Schedule,
  firing: Firing,
  ports: FiringPorts,
): Promise<FiringOutcome | { kind: 'agent_gone' }> {
  try {
    const { taskId, turn } = await submit(requestOf(schedule, firing), ports)
    return { kind: 'accepted', taskId, turn }
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error
    const { workspace, agentId } = schedule
    if (
      error.code === 'not_found' &&
      (await ports.registry.idOf(workspace, agentId)) === undefined
    ) {
      return { kind: 'agent_gone' }
    }
    return outcomeOf(error, firing)
  }
}

function requestOf(schedule: Schedule, firing: Firing): TurnRequest | ItemRequest {
  const { workspace, agentId, agentTag, payload, priority } = schedule
  const { taskId, freshTaskId } = firing
  return {
    workspace,
    agent: agentTag === undefined ? agentId : `${agentId}@${agentTag}`,
    ...inputOf(payload),
    ...payload.caller,
    literal: true,
    complete: true,
    fixed: { taskId, requestId: `${schedule.id}.${firing.id}` },
    ...(taskId !== freshTaskId && { taskId }),
    ...(payload.variables && { variables: payload.variables, hasSealedVariables: true as const }),
    ...(priority !== undefined && { priority }),
  }
}

/** A schedule without input sends this, since a task begins with a message. */
const noInput = 'This is a scheduled run.'

function inputOf({ input, items }: Schedule['payload']) {
  if (items !== undefined) {
    return { items: items as SentItem[], readItems: () => Promise.resolve(new Map()) }
  }
  const text = typeof input === 'string' ? input : noInput
  const message: InputMessage = { role: 'user', parts: [{ kind: 'text', text }] } as InputMessage
  return { before: [], message }
}

const temporary = new Set(['unavailable', 'overloaded', 'rate_limited'])

/** What a refusal means. A limit never drops an occurrence: it is tried again. */
function outcomeOf(error: LonghaulError, { taskId, freshTaskId, tries }: Firing): FiringOutcome {
  const { code, message, retryAfterSeconds = 0 } = error
  const continues = taskId !== freshTaskId
  if (temporary.has(code) || (continues && code === 'conflict')) {
    const { least, most } = limits.schedules.retry
    const backoff = Math.min(most, least * 2 ** Math.min(tries, 10))
    return { kind: 'later', afterMs: Math.max(backoff, retryAfterSeconds * 1_000) }
  }
  if (continues && (code === 'not_found' || code === 'task_full')) return { kind: 'elsewhere' }
  return { kind: 'refused', reason: error.reason ?? code, message }
}
