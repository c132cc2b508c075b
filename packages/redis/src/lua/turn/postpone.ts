import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, digits, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const postponeScript = defineScript(import.meta.url, {
  keys: ['head', ...ringKeys, 'tickets'],
  args: { clockTime: clockText, turn: digits, afterMs: number },
  patterns: ringPatterns,
  reply: reply.tuple({ isPostponed: reply.bit, wantsTicket: reply.bit }),
})
