import { clockText, flag, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const checkScheduleScript = defineScript(import.meta.url, {
  keys: ['schedule', 'dueSchedules', 'schedulesOfWorkspace'],
  args: { clockTime: clockText, id: text, repair: flag },
  reply: reply.list(reply.oneOf('schedule-missing', 'schedule-stray')),
})
