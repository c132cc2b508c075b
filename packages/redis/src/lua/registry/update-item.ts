import { number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const updateItemScript = defineScript(import.meta.url, {
  keys: ['item', 'names', 'definitionBytes', 'webhooks', 'events'],
  args: {
    id: text,
    key: text,
    seenVersion: text,
    version: text,
    json: text,
    maxVersions: number,
    /** The limit of all items of the workspace together. */
    maxBytes: number,
    /** The JSON of an event that notifies of the change, or ''. */
    event: text,
  },
  reply: reply.oneOf('updated', 'stale', 'taken', 'full_versions', 'full_bytes', 'not_found'),
})
