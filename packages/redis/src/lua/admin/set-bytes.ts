import { digits, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const setBytesScript = defineScript(import.meta.url, {
  keys: ['head'],
  args: {
    seenPos: text,
    seenBytes: text,
    counted: digits,
  },
  reply: reply.bit,
})
