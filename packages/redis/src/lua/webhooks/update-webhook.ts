import { flag, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const updateWebhookScript = defineScript(import.meta.url, {
  keys: ['webhook'],
  args: { json: text, seenRevision: number, enables: flag },
  reply: reply.oneOf('updated', 'changed', 'not_found'),
})
