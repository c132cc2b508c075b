import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const softDeleteScript = defineScript(import.meta.url, {
  keys: ['head', 'purges'],
  args: {
    clockTime: clockText,
    taskId: text,
    turn: number,
  },
  reply: reply.oneOf('hidden', 'last', 'live', 'not_found'),
})
