import { clockText, rows, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const reportStreamsScript = defineScript(import.meta.url, {
  keys: ['streamProcesses'],
  args: {
    clockTime: clockText,
    /** The id of the process. */
    process: text,
  },
  tails: { counts: rows({ args: ['workspace', 'count'] }) },
  patterns: ['streams'],
  reply: reply.list(reply.number),
})
