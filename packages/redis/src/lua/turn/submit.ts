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
    /** The turn that the caller saw last, 0 for none. */
    after: number,
    job: text,
    /** `turn.started` as JSON. */
    fact: text,
    /** What the head says of the turn, as JSON. */
    started: text,
    /** The caller's metadata as JSON, or ''. */
    metadata: text,
    /** Until the turn must have ended. */
    deadlineMs: number,
    /** For how long the task is kept after its end. */
    retentionMs: digits,
    /** A task with as many facts has no room for a turn. */
    maxFacts: number,
    /** The same in bytes, those of this turn included. */
    maxBytes: number,
    /** How many bytes of metadata the workspace may have. */
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
