import { digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const createWebhookScript = defineScript(import.meta.url, {
  keys: ['webhook', 'webhooks'],
  args: { id: text, json: text, createdAt: digits, maxWebhooks: number },
  reply: reply.oneOf('created', 'taken', 'full'),
})
