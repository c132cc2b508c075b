import { number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const readDeltasScript = defineScript(import.meta.url, {
  keys: ['deltas'],
  args: { after: number, last: number, maxBytes: number },
  reply: reply.maybe(
    reply.list(
      reply.tuple({ at: reply.text, partId: reply.text, kind: reply.text, text: reply.text }),
    ),
  ),
})
