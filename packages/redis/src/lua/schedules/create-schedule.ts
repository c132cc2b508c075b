import { number, optionalDigits, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const createScheduleScript = defineScript(import.meta.url, {
  keys: ['schedule', 'schedulesOfWorkspace', 'schedulesOfAgent', 'dueSchedules'],
  args: {
    id: text,
    workspace: text,
    agentId: text,
    definition: text,
    state: text,
    dueAt: optionalDigits,
    /** Schedules of the workspace in other shards. */
    others: number,
    maxSchedules: number,
  },
  reply: reply.oneOf('created', 'full'),
})
