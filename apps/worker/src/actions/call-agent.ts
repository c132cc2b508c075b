import { limits, type State, type TeamMember } from '@longhaul/core'
import { childTaskId, startChild, type StartChildPorts } from '@longhaul/tasks'
import type { RunningAttempt } from '../turn/attempt.ts'
import { fenced, type LogWriter } from '../turn/log-writer.ts'

export type CallAgentPorts = StartChildPorts

type Run = {
  workspace: string
  state: State
  attempt: RunningAttempt
  writer: LogWriter
  deps: { childPorts: CallAgentPorts }
}

/**
 * Starts a task of a sub-agent that answers a call. When it resolves, the log has the id of the task. Rejects if no
 * more agents may be called: the model receives the reason.
 */
export async function callAgent(
  { callId, member, message }: { callId: string; member: TeamMember; message: string },
  { workspace, state, attempt, writer, deps }: Run,
): Promise<void> {
  const { taskId, turn } = attempt.ref
  const { childPorts } = deps
  const { depth = 0, root = { taskId, turn } } = state.parent ?? {}
  const call = {
    workspace,
    member,
    message,
    variables: state.variables,
    traceId: state.traceId,
    callerWait: state.callerWait,
    parent: { taskId, turn, callId, depth: depth + 1, root },
  }
  const child = childTaskId(taskId, childPorts.newId)
  const outcome = await writer.piggyback((as) =>
    startChild(child, { call, attempt: as }, childPorts),
  )
  if (outcome === 'fenced') throw attempt.lose(fenced)
  if (outcome === 'full') throw new Error(treeFull)
  if (outcome === 'cancelled') attempt.receive({ cancelRequested: true })
}

const treeFull = `not made: a task and its sub-agents may call agents ${limits.treeChildren} times in all, and have; no more can be started`
