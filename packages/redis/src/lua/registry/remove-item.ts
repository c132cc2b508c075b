import { number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const removeItemScript = defineScript(import.meta.url, {
  keys: ['item', 'names', 'index', 'definitionBytes', 'formerNames', 'former'],
  args: {
    id: text,
    maxFormer: number,
  },
  reply: reply.bit,
})
