import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recordAttemptScript = defineScript(import.meta.url, {
  keys: ['delivery', 'webhook', 'waiting', 'webhooks', 'events'],
  args: {
    clockTime: clockText,
    id: text,
    attempt: number,
    /** The attempt as JSON. */
    entry: text,
    /** 'delivered' | 'retry' | 'failed' | 'gone'. */
    outcome: text,
    /** The time until the next attempt. */
    afterMs: number,
    failingMs: number,
    /** The event for each reason for which the endpoint is disabled, as JSON. */
    goneEvent: text,
    failingEvent: text,
  },
  reply: reply.oneOf('recorded', 'stale', 'gone', 'failing'),
})
