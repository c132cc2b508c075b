import { clockText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const noteEndpointScript = defineScript(import.meta.url, {
  keys: ['dueEndpoints', 'served', 'marks'],
  args: {
    clockTime: clockText,
    /** `<workspace> <endpoint>`. */
    endpoint: text,
  },
  reply: reply.bit,
})
