import { blobRows, clockText, number, text, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const appendScript = defineScript(import.meta.url, {
  keys: ['head', 'log', 'wake', 'reviews'],
  args: {
    clockTime: clockText,
    taskId: text,
    attempt: text,
    ordinal: number,
    /** 'parts' when the facts close the parts being streamed, 'reviews' when they request reviews of calls, else ''. */
    closes: text,
    /** The last fact that the attempt has seen, from `lastSeenText`. */
    lastSeen: text,
    /** The number of these bytes that a process does not hold when it folds the log. */
    notFoldedBytes: number,
  },
  tails: {
    /** The facts, from `packFact`. */
    facts: textList,
    blobs: blobRows,
  },
  patterns: ['workspaceState', 'events'],
  isOften: true,
  reply: reply.cases('outcome', {
    ok: {
      length: reply.number,
      pos: reply.number,
      at: reply.number,
      cancelRequested: reply.bit,
      bytes: reply.number,
      held: reply.number,
    },
    fenced: {},
  }),
})
