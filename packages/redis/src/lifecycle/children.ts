import { type ChildOutcome, type Children, jobId, limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { type Blobs, pack } from '../log/blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { seenArg } from '../log/last-seen.ts'
import { type Bulk, createTransfers, sizeOf } from '../connection/transfers.ts'

const scripts = {
  start: loadScript('task/start-child'),
  count: loadScript('task/count-model-call'),
}

/** The tasks of sub-agents, in Redis. */
export function createChildren(
  redis: Redis,
  { clock, bulk }: { clock?: () => number; bulk?: Bulk } = {},
): Children {
  const transfers = createTransfers(redis, bulk)
  return {
    async start({ taskId, workspace, agentId, agent, requestId, started, ...child }, parent) {
      const keys = taskKeys(taskId)
      const calling = taskKeys(parent.taskId)
      const { shard } = keys
      const { callId, root } = started.parent
      const blobs: Blobs = new Map()
      const fact = pack({ type: 'turn.started', turn: 1, ...started }, blobs)
      const { model, assistantMessageId: messageId, traceId, spanId } = started
      const sent = [
        keys.head,
        keys.log,
        shard.outbox,
        shard.deadlines,
        shard.wake,
        shard.tasksOf(workspace),
        shard.byAgent(agentId),
        calling.head,
        calling.log,
        ...shard.addJob,
        taskKeys(root.taskId).head,
        shard.notes,
        ...[...blobs.keys()].map(keys.blob),
      ]
      const args = [
        clock?.() ?? '',
        taskId,
        workspace,
        agentId,
        requestId,
        jobId(taskId, 1, 1),
        fact,
        JSON.stringify({ model, messageId, traceId, spanId }),
        shard.queue,
        JSON.stringify(started.notes ?? {}),
        child.deadlineMs,
        child.retentionMs,
        parent.taskId,
        parent.attempt,
        `${parent.turn} ${callId}`,
        JSON.stringify({ type: 'child.started', callId, taskId, agent }),
        seenArg(parent.seen),
        root.turn,
        limits.treeChildren,
        ...blobs.values(),
      ]
      const outcome = await transfers.move(sizeOf(args), { workspace }, (on) =>
        runScript(on, scripts.start, sent, args),
      )
      return outcome as ChildOutcome
    },

    async countCall({ taskId, turn }) {
      return Number(await runScript(redis, scripts.count, [taskKeys(taskId).head], [turn]))
    },
  }
}
