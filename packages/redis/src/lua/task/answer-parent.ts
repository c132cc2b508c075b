import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { blobRows, clockText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const answerParentScript = defineScript(import.meta.url, {
  keys: ['head', 'log', 'deadlines', 'wake', 'answers', ...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    /** The id of the parent task. */
    taskId: text,
    turn: text,
    childTaskId: text,
    /** The member of `answers`. */
    answer: text,
    /** `tool.returned` or `tool.failed` as JSON. */
    fact: text,
  },
  tails: {
    blobs: blobRows,
  },
  patterns: ringPatterns,
  reply: reply.tuple({ outcome: reply.oneOf('answered', 'gone'), wantsTicket: reply.bit }),
})
