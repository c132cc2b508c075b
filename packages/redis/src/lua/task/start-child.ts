import { acceptPatterns, ringKeys } from '../../connection/keys.ts'
import { blobRows, clockText, digits, number, text, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const startChildScript = defineScript(import.meta.url, {
  keys: [
    'head',
    'log',
    'deadlines',
    'wake',
    'parentHead',
    'parentLog',
    ...ringKeys,
    'tickets',
    'rootHead',
  ],
  args: {
    clockTime: clockText,
    taskId: text,
    workspace: text,
    agentId: text,
    requestId: text,
    job: text,
    /** `turn.started` as JSON, without its first brace. */
    fact: text,
    /** The start of the turn for the head, as JSON without its first brace. */
    started: text,
    /** The caller's metadata as JSON. */
    metadata: text,
    /** The words by which a new task is found, or ''. */
    words: text,
    /** The latest end of the turn, from now on. */
    deadlineMs: number,
    /** The retention of the task after its end. */
    retentionMs: digits,
    parentTaskId: text,
    /** The attempt that runs the parent. */
    attempt: text,
    /** The parent's turn and call, in the form of the head. */
    parentCall: text,
    /** `child.started` as JSON. */
    parentFact: text,
    /** The last fact that the attempt has seen, from `lastSeenText`. */
    lastSeen: text,
    rootTurn: digits,
    /** The short form of the class of its model, or ''. */
    class: text,
    /** How much later a turn starts for each step of its priority. */
    ageingMs: number,
    /** How many tasks of sub-agents a tree may begin. */
    maxChildren: number,
  },
  tails: {
    /** The indexes of the labels. */
    labels: textList,
    blobs: blobRows,
  },
  patterns: acceptPatterns,
  reply: reply.tuple({
    outcome: reply.oneOf('started', 'cancelled', 'full', 'fenced'),
    wantsTicket: reply.bit,
  }),
})
