import { digits, flag, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const leaveRequestScript = defineScript(import.meta.url, {
  keys: ['requests', 'idempotency'],
  args: {
    id: text,
    process: text,
    keepForMs: digits,
    isAnswered: flag,
  },
  reply: reply.nothing,
})
