import { clockText, digits, flag, keyList, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const purgeScript = defineScript(import.meta.url, {
  keys: ['head', 'log', 'deltas', 'purges', 'wake', 'reviews', 'metadataBytes'],
  args: {
    clockTime: clockText,
    taskId: text,
    onlyWhenDue: flag,
    seenPos: text,
    /** For how long the tombstone stays. */
    tombstoneMs: digits,
  },
  tails: {
    /** Those that have the task. */
    indexes: keyList,
    blobs: keyList,
  },
  reply: reply.oneOf('forgotten', 'live', 'not_found', 'moved'),
})
