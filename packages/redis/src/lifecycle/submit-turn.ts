import {
  jobId,
  limits,
  searchWords,
  shardOf,
  type Submission,
  type SubmitLimits,
  type SubmitReply,
} from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { type Blobs, pack } from '../log/blobs.ts'
import { type SubmitOptions, submitScript } from '../lua/turn/submit.ts'
import { keyHash } from '../queue/key-hash.ts'
import { offerLater, offerTicket } from '../queue/tickets.ts'
import type { StoreContext } from './store-context.ts'

/** Accepts a turn, queues it and adds a ticket for it. */
export async function submitTurn(
  context: StoreContext,
  submission: Submission,
): Promise<SubmitReply> {
  const { transfers, maxMetadataBytes, ageingMs, tickets, wantingShards, search } = context
  const { taskId, workspace, agentId, requestId, after, started, labels = none } = submission
  const keys = taskKeys(taskId)
  const blobs: Blobs = new Map()
  const turn = after + 1
  const fact = pack({ type: 'turn.started', turn, ...started }, blobs)
  const { model, assistantMessageId: messageId, traceId, spanId, webhook } = started
  const call = submitScript.call(keys, {
    job: jobId(taskId, turn),
    after,
    workspace,
    agentId,
    requestId,
    fact: fact.slice(1),
    started: JSON.stringify({ model, messageId, traceId, spanId, webhook }).slice(1),
    metadata: started.notes === undefined ? '' : JSON.stringify(started.notes),
    words: search && turn === 1 ? wordsOfMessage(started) : '',
    deadlineMs: submission.deadlineMs,
    retentionMs: submission.retentionMs,
    ageingMs,
    maxMetadataBytes,
    limits: submission.limits === undefined ? '' : limitsText(submission.limits),
    options: optionsOf(submission, context),
    labels,
    blobs: blobRowsOf(blobs, keys),
  })
  const shard = shardOf(taskId)
  const replied = transfers.send({ workspace }, call)
  const isEarly = wantingShards.has(shard) && isSentNow(submission, { fact, blobs })
  // One write then contains both, and a worker wakes earlier by a round trip.
  if (isEarly) offerTicket(tickets, shard, { wantsTicket: true, turn: { taskId, turn } })
  // A refused turn needs no ticket. The spare one finds nothing, but the next submit must not add another one.
  wantingShards.delete(shard)
  const reply = await replied
  if (reply.action !== 'accepted') return reply
  const { wantsTicket, startsInMs, quota, ...accepted } = reply
  if (wantsTicket) wantingShards.add(shard)
  if (!isEarly) offerTicket(tickets, shard, { wantsTicket, turn: { taskId, turn } })
  offerLater(tickets, shard, startsInMs)
  return quota === undefined ? accepted : { ...accepted, quota }
}

/** Whether a submit is sent at once, so that a ticket after it is added after it, and its turn may start now. */
function isSentNow(
  { startAt, startInMs }: Submission,
  { fact, blobs }: { fact: string; blobs: Blobs },
): boolean {
  return (
    startAt === undefined &&
    startInMs === undefined &&
    blobs.size === 0 &&
    fact.length <= limits.inline
  )
}

/** Shared, because most submissions have no labels. */
const none: readonly never[] = []

/** The options of a submission; undefined when it has none. */
function optionsOf(
  submission: Submission,
  { clockTime, modelClasses }: Pick<StoreContext, 'clockTime' | 'modelClasses'>,
): SubmitOptions | undefined {
  const { taskId, workspace, after, started, priority, fairnessKey = '' } = submission
  const { startAt, startInMs, expiresInMs, isInherited, keepsFairnessKey } = submission
  let found: SubmitOptions | undefined
  const time = clockTime()
  if (time !== '') found = { ...found, clockTime: time }
  if (priority !== undefined) found = { ...found, priority }
  if (fairnessKey !== '') found = { ...found, fairnessKey, key: keyHash(fairnessKey) }
  if (isInherited) found = { ...found, isInherited }
  // A new task has no key to keep.
  if (keepsFairnessKey && after > 0) found = { ...found, keepsKey: true }
  const modelClass = modelClasses.of(started.model, workspace, shardOf(taskId))
  if (modelClass !== '') found = { ...found, class: modelClass }
  if (startAt !== undefined) found = { ...found, startAt }
  if (startInMs !== undefined) found = { ...found, startInMs }
  if (expiresInMs !== undefined) found = { ...found, expiresInMs }
  if (started.callerWait !== undefined) found = { ...found, isAwaited: true }
  return found
}

/** By limits: a process has few of them. */
const texts = new WeakMap<SubmitLimits, string>()

/** The limits as the script reads them. */
function limitsText(own: SubmitLimits): string {
  const known = texts.get(own)
  if (known !== undefined) return known
  const { requestsPerSecond, burst, queued, tasks, bytes } = own
  const text = [requestsPerSecond, burst, queued, tasks, bytes].map((each) => each ?? '-').join(' ')
  texts.set(own, text)
  return text
}

/** The words by which the task of a first turn is found. */
export function wordsOfMessage({ message }: Pick<Submission['started'], 'message'>): string {
  for (const part of message?.parts ?? []) if (part.kind === 'text') return searchWords(part.text)
  return ''
}
