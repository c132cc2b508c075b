import { limits, type State, type TeamMember } from '@longhaul/core'
import { childTaskId, startChild, type StartChildPorts } from '@longhaul/tasks'
import type { Attempted } from '../turn/attempt.ts'
import { fenced, type Journal } from '../turn/log-writer.ts'

export type CallAgentPorts = StartChildPorts

type Run = {
  workspace: string
  state: State
  attempt: Attempted
  journal: Journal
  deps: { kin: CallAgentPorts }
}

/**
 * Has another agent answer a call. When it resolves the log tells of the task in which that is done. Rejects when no
 * more agents may be called; the model reads why.
 */
export async function callAgent(
  { callId, member, message }: { callId: string; member: TeamMember; message: string },
  { workspace, state, attempt, journal, deps }: Run,
): Promise<void> {
  const { taskId, turn } = attempt.ref
  const { kin } = deps
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
  const child = childTaskId(taskId, kin.newId)
  const outcome = await journal.beside((writer) =>
    startChild(child, { call, attempt: writer }, kin),
  )
  if (outcome === 'fenced') throw attempt.lose(fenced)
  if (outcome === 'full') throw new Error(treeFull)
  if (outcome === 'cancelled') attempt.hear({ cancelRequested: true })
}

const treeFull = `not made: a task and its sub-agents may call agents ${limits.treeChildren} times in all, and have; no more can be started`
