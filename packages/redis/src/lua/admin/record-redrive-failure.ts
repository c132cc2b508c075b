import { digits, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recordRedriveFailureScript = defineScript(import.meta.url, {
  keys: ['head', 'redrives'],
  args: {
    /** The member of `redrives`. */
    redrive: text,
    turn: digits,
    reason: text,
  },
  reply: reply.bit,
})
