import { clockText, digits, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recordWorkerBeatScript = defineScript(import.meta.url, {
  keys: ['workers', 'scheduler'],
  args: {
    clockTime: clockText,
    /** The id of the process. */
    worker: text,
    slots: digits,
  },
  reply: reply.nothing,
})
