import { clockText, flag, number, rows, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const reserveCallScript = defineScript(import.meta.url, {
  keys: ['rates'],
  args: {
    clockTime: clockText,
    mode: text,
    again: flag,
    /** The call must not be made before this time. */
    notBefore: number,
    /** How far ahead a call may be booked, and how far ahead its units may be used. */
    aheadMs: number,
    nearMs: number,
    /** How long the buckets are kept after the latest change. */
    keptMs: number,
  },
  tails: {
    buckets: rows({ args: ['name', 'cost', 'burst', 'interval'] }),
  },
  reply: reply.tuple({
    outcome: reply.oneOf('used', 'booked', 'full'),
    at: reply.number,
    bucket: reply.text,
    now: reply.number,
  }),
})
