import {
  type ChildOutcome,
  type Children,
  LonghaulError,
  type Parent,
  responseId,
  shardOf,
  taskIdInShard,
  type TeamMember,
  type Writer,
} from '@longhaul/core'
import type { Resolver } from '../plan/resolver.ts'

export type StartChildPorts = {
  children: Pick<Children, 'start'>
  resolver: Pick<Resolver, 'resolve'>
  /** The time limit of a whole turn, and the retention of an ended task, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
}

/** A call of one agent by another. */
export type ChildCall = {
  workspace: string
  member: TeamMember
  message: string
  /** The variables of the parent, which its child uses, too. */
  variables: Record<string, unknown>
  traceId: string
  /** How long a client waits for the end of the parent's turn, milliseconds. */
  callerWait: number | undefined
  parent: Parent
}

/** An id for a child task, in the shard of its parent. */
export function childTaskId(parentTaskId: string, newId: () => string): string {
  return taskIdInShard(newId(), shardOf(parentTaskId))
}

/**
 * Begins the task `taskId`, in which an agent answers a call of its parent's turn. Idempotent. Rejects with not_found
 * when the agent is gone, with invalid when it cannot run, or with unavailable.
 */
export async function startChild(
  taskId: string,
  { call, attempt }: { call: ChildCall; attempt: Writer },
  { children, resolver, turnDeadlineMs, retentionMs, newId, newHex }: StartChildPorts,
): Promise<ChildOutcome> {
  const { workspace, member, message, variables, traceId, callerWait, parent } = call
  const resolved = await resolver.resolve(workspace, `${member.id}@${member.version}`)
  if (resolved === undefined) {
    throw new LonghaulError('not_found', `the agent ${member.key} does not exist any more`)
  }
  const { agentId, planHash, plan } = resolved
  const child = {
    taskId,
    workspace,
    agentId,
    agent: member.key,
    requestId: taskId,
    started: {
      plan: planHash,
      model: plan.models[0]?.id ?? '',
      message: {
        messageId: newId(),
        role: 'user' as const,
        parts: [{ kind: 'text' as const, text: message }],
      },
      assistantMessageId: newId(),
      traceId,
      spanId: newHex(16),
      ...(Object.keys(variables).length > 0 && { variables }),
      notes: { metadata: calledBy(parent) },
      parent,
      ...(callerWait !== undefined && { callerWait }),
    },
    deadlineMs: turnDeadlineMs,
    retentionMs,
  }
  return await children.start(child, attempt)
}

/** Metadata that names the parent to readers of the child's task. */
function calledBy({ taskId, turn, callId }: Parent): Record<string, string> {
  return {
    parent_task_id: taskId,
    parent_response_id: responseId(taskId, turn),
    parent_tool_call_id: callId,
  }
}
