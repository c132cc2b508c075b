import { digits, flag, number, optionalDigits, text, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const writeScheduleScript = defineScript(import.meta.url, {
  keys: ['schedule', 'occurrences', 'dueSchedules', 'request', 'workspaceState', 'events'],
  args: {
    id: text,
    /** A random name. */
    write: text,
    seenRevision: digits,
    /** `''` where only the state changes. */
    definition: text,
    state: text,
    dueAt: optionalDigits,
    maxRecords: number,
    /** Whether `request` is to be kept, and for how long. */
    hasRequest: flag,
    requestMs: number,
  },
  tails: { records: textList, noted: textList },
  reply: reply.oneOf('written', 'repeated', 'stale', 'not_found'),
})
