import { clockText, flag, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const redeliverScript = defineScript(import.meta.url, {
  keys: ['delivery', 'webhook', 'waiting'],
  args: {
    clockTime: clockText,
    id: text,
    webhookId: text,
    onlyFailed: flag,
    afterMs: number,
    keptMs: number,
  },
  reply: reply.oneOf('pending', 'not_found', 'disabled', 'unchanged'),
})
