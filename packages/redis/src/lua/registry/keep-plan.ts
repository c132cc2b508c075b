import { digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const keepPlanScript = defineScript(import.meta.url, {
  keys: ['plan', 'plans', 'planBytes'],
  args: {
    keepForMs: digits,
    json: text,
    hash: text,
    /** The limit of all plans of the workspace together. */
    maxBytes: number,
  },
  reply: reply.oneOf('kept', 'missing', 'full'),
})
