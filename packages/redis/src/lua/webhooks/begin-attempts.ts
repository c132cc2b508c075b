import { clockText, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

const begun = reply.tuple({
  id: reply.text,
  body: reply.text,
  attempt: reply.number,
  counted: reply.number,
})

export const beginAttemptsScript = defineScript(import.meta.url, {
  keys: ['webhook', 'waiting'],
  args: {
    clockTime: clockText,
    limit: number,
    /** The requests in a second, and how many may come together. */
    perSecond: number,
    burst: number,
    leaseMs: number,
  },
  patterns: ['delivery'],
  reply: reply.tuple({
    /** `json`, `revision`, `failures`, `disabled`; empty when there is no such endpoint. */
    fields: reply.list((value) => String(value)),
    begun: reply.list(begun),
    nextMs: reply.unlessEmpty(reply.number),
  }),
})
