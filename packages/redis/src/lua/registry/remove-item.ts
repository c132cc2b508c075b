import { number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const removeItemScript = defineScript(import.meta.url, {
  keys: [
    'item',
    'names',
    'index',
    'definitionBytes',
    'webhooks',
    'events',
    'formerNames',
    'former',
  ],
  args: {
    id: text,
    maxFormer: number,
    /** The JSON of an event that notifies of the change, or ''. */
    event: text,
  },
  reply: reply.bit,
})
