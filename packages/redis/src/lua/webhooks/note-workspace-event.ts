import { text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const noteWorkspaceEventScript = defineScript(import.meta.url, {
  keys: ['webhooks', 'events'],
  args: { event: text },
  reply: reply.bit,
})
