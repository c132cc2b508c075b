import { number, rows, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const countUsageScript = defineScript(import.meta.url, {
  keys: ['uncounted'],
  args: {
    /** The first of the turns as the list has it, and their number. */
    first: text,
    turns: number,
    maxValues: number,
  },
  tails: {
    counts: rows({ keys: ['bucket'], args: ['name', 'by'] }),
    /** The counts of a value, as `countsText` has them. */
    groups: rows({ keys: ['bucket'], args: ['value', 'added'] }),
    /** When a bucket expires. */
    expiries: rows({ keys: ['bucket'], args: ['time'] }),
  },
  reply: reply.bit,
})
