import { number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const createItemScript = defineScript(import.meta.url, {
  keys: ['item', 'names', 'index', 'definitionBytes', 'webhooks', 'events'],
  args: {
    id: text,
    key: text,
    version: text,
    json: text,
    maxItems: number,
    /** The limit of all items of the workspace together. */
    maxBytes: number,
    /** The JSON of an event that notifies of the change, or ''. */
    event: text,
  },
  reply: reply.oneOf('created', 'taken', 'full', 'full_bytes'),
})
