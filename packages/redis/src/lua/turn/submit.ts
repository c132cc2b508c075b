import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import {
  blobRows,
  clockText,
  digits,
  flag,
  keyList,
  number,
  optionalDigits,
  optionalNumber,
  text,
} from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'
import { submitQuota } from '../quota-reply.ts'

const taken = {
  turn: reply.number,
  startedAt: reply.number,
  pos: reply.number,
  fact: reply.number,
}

export const submitScript = defineScript(import.meta.url, {
  keys: [
    'head',
    'log',
    'deltas',
    'wake',
    'workspaceTasks',
    'agentTasks',
    'deadlines',
    'purges',
    'failed',
    ...ringKeys,
    'tickets',
    'metadataBytes',
  ],
  args: {
    clockTime: clockText,
    taskId: text,
    workspace: text,
    agentId: text,
    requestId: text,
    /** The latest turn that the caller saw, 0 for none. */
    after: number,
    job: text,
    /** `turn.started` as JSON. */
    fact: text,
    /** The start of the turn for the head, as JSON. */
    started: text,
    /** The caller's metadata as JSON, or ''. */
    metadata: text,
    /** From 1 to 5, or absent for the usual one. */
    priority: optionalDigits,
    /** The fairness key, or '', and its short form in names of keys. */
    fairnessKey: text,
    key: text,
    /** Whether the turn has the priority and the fairness key of the turn before. */
    isInherited: flag,
    /** Whether it has the fairness key of the turn before, if that had one. */
    keepsKey: flag,
    /** The short form of the class of its model, or ''. */
    class: text,
    /** How much later a turn starts for each step of its priority. */
    ageingMs: number,
    /** When the turn may start: a time, or the same from now on. */
    startAt: optionalNumber,
    startInMs: optionalNumber,
    /** How long the turn may wait, from then on. */
    expiresInMs: optionalNumber,
    /** Whether limits may refuse the turn, and the limits where the workspace has none of its own. */
    isLimited: flag,
    requestsPerSecond: optionalNumber,
    burst: optionalNumber,
    queuedLimit: optionalNumber,
    tasksLimit: optionalNumber,
    bytesLimit: optionalNumber,
    /** The time within which the turn must end, from its start on. */
    deadlineMs: number,
    /** The retention of the task after its end. */
    retentionMs: digits,
    /** A task with this many facts accepts no turn. */
    maxFacts: number,
    /** The same in bytes, including those of this turn. */
    maxBytes: number,
    /** The limit of the workspace's metadata, in bytes. */
    maxMetadataBytes: number,
  },
  tails: {
    /** The indexes of the labels. */
    labels: keyList,
    blobs: blobRows,
  },
  patterns: ringPatterns,
  reply: reply.cases('action', {
    accepted: {
      ...taken,
      wantsTicket: reply.bit,
      startsInMs: reply.number,
      quota: reply.unlessEmpty(submitQuota),
    },
    replay: taken,
    conflict: {},
    full: { what: reply.oneOf('facts', 'bytes', 'notes') },
    not_found: {},
    limited: {
      policies: reply.list(reply.oneOf('requests', 'queued', 'tasks', 'bytes')),
      waitMs: reply.number,
      quota: submitQuota,
    },
  }),
})
