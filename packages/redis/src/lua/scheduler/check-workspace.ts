import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, flag, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const checkWorkspaceScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'leases', 'tickets'],
  args: {
    clockTime: clockText,
    workspace: text,
    repair: flag,
    /** The number of tasks whose bytes are counted. */
    tasksChecked: number,
  },
  patterns: [...ringPatterns, 'head', 'taskIndex'],
  reply: reply.tuple({
    faults: reply.list(reply.oneOf('slot-stray', 'count', 'ring-missing', 'ring-stray')),
    wantsTicket: reply.bit,
  }),
})
