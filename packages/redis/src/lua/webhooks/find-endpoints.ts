import { clockText, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const findEndpointsScript = defineScript(import.meta.url, {
  keys: ['dueEndpoints', 'served', 'tickets'],
  args: { clockTime: clockText, limit: number },
  reply: reply.tuple({
    due: reply.number,
    waiting: reply.number,
    nextMs: reply.unlessEmpty(reply.number),
    oldestMs: reply.number,
  }),
})
