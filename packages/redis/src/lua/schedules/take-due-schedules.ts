import { clockText, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const takeDueSchedulesScript = defineScript(import.meta.url, {
  keys: ['dueSchedules'],
  args: { clockTime: clockText, takenMs: number, limit: number },
  reply: reply.tuple({
    now: reply.number,
    nextMs: reply.unlessEmpty(reply.number),
    ids: reply.list(reply.text),
  }),
})
