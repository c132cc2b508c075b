import { clockText, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const takeDueScript = defineScript(import.meta.url, {
  keys: ['set'],
  args: {
    clockTime: clockText,
    /** The time after which an entry is due again. */
    againMs: number,
    limit: number,
  },
  reply: reply.list(reply.text),
})
