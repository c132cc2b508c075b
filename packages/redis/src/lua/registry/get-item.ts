import { number, optionalText } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const getItemScript = defineScript(import.meta.url, {
  keys: ['item'],
  args: {
    /** The newest version when absent. */
    version: optionalText,
    /** A larger value is not returned. */
    maxBytes: number,
  },
  reply: reply.maybe(reply.tuple({ field: reply.text, json: reply.maybe(reply.text) })),
})
