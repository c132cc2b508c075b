import { fullAt, jobId, shardOf, type Submission, type SubmitReply } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { type Blobs, pack } from '../log/blobs.ts'
import { submitScript } from '../lua/turn/submit.ts'
import { keyHash } from '../queue/key-hash.ts'
import { offerLater, offerTicket } from '../queue/tickets.ts'
import type { StoreContext } from './store-context.ts'

/** Accepts a turn, queues it and adds a ticket for it. */
export async function submitTurn(
  { transfers, clockTime, maxMetadataBytes, ageingMs, tickets, modelClasses }: StoreContext,
  submission: Submission,
): Promise<SubmitReply> {
  const { taskId, workspace, agentId, requestId, after, started, labels = [] } = submission
  const { priority, fairnessKey = '', isInherited = false, limits: own = {} } = submission
  const keys = taskKeys(taskId)
  const blobs: Blobs = new Map()
  const turn = after + 1
  const fact = pack({ type: 'turn.started', turn, ...started }, blobs)
  const { model, assistantMessageId: messageId, traceId, spanId, webhook } = started
  const call = submitScript.call(
    { ...keys, workspaceTasks: keys.tasksOf(workspace), agentTasks: keys.byAgent(agentId) },
    {
      clockTime: clockTime(),
      taskId,
      workspace,
      agentId,
      requestId,
      after,
      job: jobId(taskId, turn),
      fact,
      started: JSON.stringify({ model, messageId, traceId, spanId, webhook }),
      metadata: started.notes === undefined ? '' : JSON.stringify(started.notes),
      priority,
      fairnessKey,
      key: keyHash(fairnessKey),
      isInherited,
      keepsKey: submission.keepsFairnessKey ?? false,
      class: modelClasses.of(model, workspace, shardOf(taskId)),
      ageingMs,
      startAt: submission.startAt,
      startInMs: submission.startInMs,
      expiresInMs: submission.expiresInMs,
      isLimited: submission.limits !== undefined,
      requestsPerSecond: own.requestsPerSecond,
      burst: own.burst,
      queuedLimit: own.queued,
      tasksLimit: own.tasks,
      bytesLimit: own.bytes,
      deadlineMs: submission.deadlineMs,
      retentionMs: submission.retentionMs,
      maxFacts: fullAt.facts,
      maxBytes: fullAt.bytes,
      maxMetadataBytes,
      labels: labels.map((label) => keys.byLabel(workspace, label)),
      blobs: blobRowsOf(blobs, keys),
    },
  )
  const reply = await transfers.send({ workspace }, call)
  if (reply.action !== 'accepted') return reply
  const { wantsTicket, startsInMs, quota, ...accepted } = reply
  offerTicket(tickets, shardOf(taskId), { wantsTicket, turn: { taskId, turn } })
  offerLater(tickets, shardOf(taskId), startsInMs)
  return quota === undefined ? accepted : { ...accepted, quota }
}
