import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const putDeliveryScript = defineScript(import.meta.url, {
  keys: ['delivery', 'webhook', 'waiting', 'deliveries'],
  args: {
    clockTime: clockText,
    id: text,
    webhookId: text,
    eventType: text,
    body: text,
    /** The endpoint, if only a request has named it; or ''. */
    json: text,
    keptMs: number,
  },
  reply: reply.oneOf('put', 'known', 'gone'),
})
