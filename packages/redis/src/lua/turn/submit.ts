import { queueKeys } from '../../connection/keys.ts'
import { blobRows, clockText, digits, keyList, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

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
    'outbox',
    'wake',
    'workspaceTasks',
    'agentTasks',
    'deadlines',
    'purges',
    'failed',
    ...queueKeys,
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
    /** The time within which the turn must end. */
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
  reply: reply.cases('action', {
    accepted: taken,
    replay: taken,
    conflict: {},
    full: { what: reply.oneOf('facts', 'bytes', 'notes') },
    not_found: {},
  }),
})
