import { clockText } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const findWorkScript = defineScript(import.meta.url, {
  keys: ['ring', 'tickets'],
  patterns: ['returned', 'closed'],
  args: { clockTime: clockText },
  reply: reply.tuple({
    isStartable: reply.bit,
    waiting: reply.number,
    returnsInMs: reply.unlessEmpty(reply.number),
  }),
})
