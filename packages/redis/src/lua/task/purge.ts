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
    /** How long the tombstone is kept. */
    tombstoneMs: digits,
  },
  patterns: ['workspaceState'],
  tails: {
    /** The indexes that list the task. */
    indexes: keyList,
    blobs: keyList,
  },
  reply: reply.oneOf('forgotten', 'live', 'not_found', 'moved'),
})
