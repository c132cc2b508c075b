import { clockText, number, rows, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const settleCallScript = defineScript(import.meta.url, {
  keys: ['rates'],
  args: {
    clockTime: clockText,
    times: text,
    /** How long the buckets are kept after the latest change. */
    keptMs: number,
  },
  tails: {
    buckets: rows({ args: ['name', 'units', 'interval', 'ahead'] }),
  },
  reply: reply.nothing,
})
