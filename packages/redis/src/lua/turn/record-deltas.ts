import { clockText, number, rows, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recordDeltasScript = defineScript(import.meta.url, {
  keys: ['head', 'deltas', 'wake', 'log'],
  args: {
    clockTime: clockText,
    taskId: text,
    attempt: text,
    ordinal: number,
    /** The last fact that the attempt has seen, from `lastSeenText`. */
    lastSeen: text,
    /** The limit of all deltas of the task together. */
    maxBytes: number,
  },
  tails: {
    pieces: rows({ args: ['partId', 'kind', 'text'] }),
  },
  isOften: true,
  reply: reply.tuple({ alive: reply.bit, cancelRequested: reply.bit }),
})
