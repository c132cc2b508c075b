import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const holdEndpointScript = defineScript(import.meta.url, {
  keys: ['served', 'holders', 'marks'],
  args: { clockTime: clockText, endpoint: text, holder: text, leaseMs: number },
  reply: reply.unlessEmpty(reply.text),
})
