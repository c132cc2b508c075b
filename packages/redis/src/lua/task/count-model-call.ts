import { digits } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const countModelCallScript = defineScript(import.meta.url, {
  keys: ['rootHead'],
  args: {
    turn: digits,
  },
  reply: reply.number,
})
