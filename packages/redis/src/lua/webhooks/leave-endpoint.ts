import { clockText, optionalNumber, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const leaveEndpointScript = defineScript(import.meta.url, {
  keys: ['dueEndpoints', 'served', 'holders', 'marks'],
  args: {
    clockTime: clockText,
    endpoint: text,
    holder: text,
    mark: text,
    /** When its next delivery is due; absent when it has none. */
    nextMs: optionalNumber,
  },
  reply: reply.bit,
})
