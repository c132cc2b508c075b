import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, optionalDigits, rows, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const setLimitsScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    workspace: text,
    revision: optionalDigits,
  },
  tails: {
    fields: rows({ args: ['name', 'value'] }),
    /** Short forms of fairness keys; the running turns and the weight of each, '-' for none. */
    keys: rows({ args: ['key', 'value'] }),
  },
  patterns: ringPatterns,
  reply: reply.tuple({ isSet: reply.bit, wantsTicket: reply.bit }),
})
