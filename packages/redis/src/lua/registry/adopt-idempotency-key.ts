import { text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const adoptIdempotencyKeyScript = defineScript(import.meta.url, {
  keys: ['idempotencyKey'],
  args: { requestId: text },
  reply: reply.bit,
})
