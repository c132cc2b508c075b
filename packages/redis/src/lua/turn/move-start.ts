import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, digits, optionalNumber } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const moveStartScript = defineScript(import.meta.url, {
  keys: ['head', 'deadlines', ...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    turn: digits,
    /** When the turn may start: a time, or the same from now on; now when both are absent. */
    startAt: optionalNumber,
    startInMs: optionalNumber,
  },
  patterns: ringPatterns,
  reply: reply.cases('outcome', {
    moved: { startsInMs: reply.number, wantsTicket: reply.bit },
    begun: {},
    ended: {},
    not_found: {},
  }),
})
