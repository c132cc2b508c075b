import { queueKeys } from '../../connection/keys.ts'
import { blobRows, clockText, digits, keyList, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const startChildScript = defineScript(import.meta.url, {
  keys: [
    'head',
    'log',
    'outbox',
    'deadlines',
    'wake',
    'workspaceTasks',
    'agentTasks',
    'parentHead',
    'parentLog',
    ...queueKeys,
    'rootHead',
    'metadataBytes',
  ],
  args: {
    clockTime: clockText,
    taskId: text,
    workspace: text,
    agentId: text,
    requestId: text,
    job: text,
    /** `turn.started` as JSON. */
    fact: text,
    /** What the head says of the turn, as JSON. */
    started: text,
    /** The caller's metadata as JSON. */
    metadata: text,
    /** Until the turn must have ended at the latest. */
    deadlineMs: number,
    /** For how long the task is kept after its end. */
    retentionMs: digits,
    parentTaskId: text,
    /** The attempt that runs the parent. */
    attempt: text,
    /** The parent's turn and call, as the head keeps them. */
    parentCall: text,
    /** `child.started` as JSON. */
    parentFact: text,
    /** The last fact that the attempt has seen, as `lastSeenText` makes it. */
    lastSeen: text,
    rootTurn: digits,
    /** How many tasks a tree may begin. */
    maxChildren: number,
  },
  tails: {
    /** The indexes of the labels. */
    labels: keyList,
    blobs: blobRows,
  },
  reply: reply.oneOf('started', 'cancelled', 'full', 'fenced'),
})
