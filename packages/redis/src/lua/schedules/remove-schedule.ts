import { text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const removeScheduleScript = defineScript(import.meta.url, {
  keys: ['schedule', 'occurrences', 'schedulesOfWorkspace', 'schedulesOfAgent', 'dueSchedules'],
  args: { id: text },
  reply: reply.bit,
})
