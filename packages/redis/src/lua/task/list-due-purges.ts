import { clockText, digits, optionalText } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const listDuePurgesScript = defineScript(import.meta.url, {
  keys: ['purges', 'purger'],
  args: {
    clockTime: clockText,
    /** The id of the process. */
    worker: optionalText,
    limit: digits,
    /** How many of the first tasks are skipped. */
    skip: digits,
    /** How long the shard stays assigned to the process. */
    holdMs: digits,
  },
  reply: reply.list(reply.text),
})
