import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { taskFaults } from '../../admin/doctor/findings.ts'
import { clockText, flag, keyList, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const checkTaskScript = defineScript(import.meta.url, {
  keys: [
    'head',
    'log',
    'deltas',
    'foundIn',
    ...ringKeys,
    'leases',
    'deadlines',
    'purges',
    'failed',
  ],
  patterns: ringPatterns,
  args: {
    clockTime: clockText,
    taskId: text,
    repair: flag,
    foundQueued: text,
    foundLease: text,
    foundDeadline: text,
    deadlineMs: number,
  },
  tails: {
    /** The indexes that must list the task. */
    indexes: keyList,
  },
  reply: reply.list(reply.oneOf(...taskFaults)),
})
