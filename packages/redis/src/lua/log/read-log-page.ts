import { number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const readLogPageScript = defineScript(import.meta.url, {
  keys: ['log'],
  args: {
    from: number,
    to: number,
    pageBytes: number,
  },
  reply: reply.tuple({ texts: reply.list(reply.text), length: reply.number }),
})
