import { number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const findCursorScript = defineScript(import.meta.url, {
  keys: ['head', 'log'],
  args: {
    pos: number,
  },
  reply: reply.maybe(reply.tuple({ fact: reply.number, length: reply.number })),
})
