import {
  type Children,
  jobId,
  limits,
  type ModelRates,
  shardOf,
  type Tickets,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../connection/keys.ts'
import { type Bulk, createTransfers } from '../connection/transfers.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { type Blobs, pack } from '../log/blobs.ts'
import { lastSeenText } from '../log/last-seen.ts'
import { runScript } from '../lua/run-script.ts'
import { countModelCallScript } from '../lua/task/count-model-call.ts'
import { startChildScript } from '../lua/task/start-child.ts'
import { createModelClasses } from '../rates/model-classes.ts'
import { offerTicket } from '../queue/tickets.ts'
import { wordsOfMessage } from './submit-turn.ts'

type Options = {
  clock?: () => number
  bulk?: Bulk
  tickets?: Tickets
  operatorRates?: ModelRates
  search?: boolean
}

/** The tasks of sub-agents, in Redis. */
export function createChildren(
  redis: Redis,
  {
    clock,
    bulk,
    tickets,
    operatorRates = {},
    search = true,
    ageingMs = limits.priorityAgeing,
  }: Options & { ageingMs?: number } = {},
): Children {
  const transfers = createTransfers(redis, bulk)
  const modelClasses = createModelClasses(redis, operatorRates)
  return {
    async start({ taskId, workspace, agentId, agent, requestId, started, ...child }, parent) {
      const keys = taskKeys(taskId)
      const parentKeys = taskKeys(parent.taskId)
      const { callId, root } = started.parent
      const blobs: Blobs = new Map()
      const fact = pack({ type: 'turn.started', turn: 1, ...started }, blobs)
      const { model, assistantMessageId: messageId, traceId, spanId } = started
      const call = startChildScript.call(
        {
          ...keys,
          parentHead: parentKeys.head,
          parentLog: parentKeys.log,
          rootHead: taskKeys(root.taskId).head,
        },
        {
          clockTime: clock?.() ?? '',
          taskId,
          workspace,
          agentId,
          requestId,
          job: jobId(taskId, 1),
          fact: fact.slice(1),
          started: JSON.stringify({ model, messageId, traceId, spanId, isChild: true }).slice(1),
          metadata: JSON.stringify(started.notes ?? {}),
          words: search ? wordsOfMessage(started) : '',
          deadlineMs: child.deadlineMs,
          retentionMs: child.retentionMs,
          parentTaskId: parent.taskId,
          attempt: parent.attempt,
          parentCall: `${parent.turn} ${callId}`,
          parentFact: JSON.stringify({ type: 'child.started', callId, taskId, agent }),
          lastSeen: lastSeenText(parent.seen),
          rootTurn: root.turn,
          class: modelClasses.of(model, workspace, shardOf(taskId)),
          ageingMs,
          maxChildren: limits.treeChildren,
          labels: [],
          blobs: blobRowsOf(blobs, keys),
        },
      )
      const { outcome, wantsTicket } = await transfers.send({ workspace }, call)
      offerTicket(tickets, shardOf(taskId), { wantsTicket, turn: { taskId, turn: 1 } })
      return outcome
    },

    async countCall({ taskId, turn }) {
      const call = countModelCallScript.call({ rootHead: taskKeys(taskId).head }, { turn })
      return await runScript(redis, call)
    },
  }
}
