import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const takeEndpointScript = defineScript(import.meta.url, {
  keys: ['dueEndpoints', 'served', 'holders'],
  args: { clockTime: clockText, holder: text, leaseMs: number },
  reply: reply.unlessEmpty(reply.text),
})
