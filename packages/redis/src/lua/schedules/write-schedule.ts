import { digits, number, optionalDigits, text, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const writeScheduleScript = defineScript(import.meta.url, {
  keys: ['schedule', 'occurrences', 'dueSchedules'],
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
  },
  tails: { records: textList },
  reply: reply.oneOf('written', 'stale', 'not_found'),
})
