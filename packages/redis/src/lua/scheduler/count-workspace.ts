import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const countWorkspaceScript = defineScript(import.meta.url, {
  keys: ['stateKey'],
  args: {
    clockTime: clockText,
    workspace: text,
    /** How many lanes of the workspace are examined. */
    lanesExamined: number,
  },
  patterns: ['runningTurns', 'keyRing', 'backlog', 'head', 'taskIndex'],
  reply: reply.tuple({
    queued: reply.number,
    running: reply.number,
    parked: reply.number,
    tasks: reply.number,
    bytes: reply.number,
    oldestMs: reply.unlessEmpty(reply.number),
  }),
})
