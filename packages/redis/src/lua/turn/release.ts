import { clockText, optionalText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const releaseScript = defineScript(import.meta.url, {
  keys: ['head', 'outbox', 'leases'],
  args: {
    clockTime: clockText,
    attempt: text,
    report: optionalText,
  },
  reply: reply.bit,
})
