import { clockText, digits, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const readQueueTimesScript = defineScript(import.meta.url, {
  keys: ['ring'],
  args: { clockTime: clockText, offset: digits, count: number, longerThanMs: number },
  patterns: ['head', 'log', 'workspaceState', 'keyRing', 'backlog'],
  reply: reply.tuple({
    read: reply.number,
    lanes: reply.list(
      reply.tuple({ workspace: reply.text, key: reply.text, waitedMs: reply.number }),
    ),
  }),
})
