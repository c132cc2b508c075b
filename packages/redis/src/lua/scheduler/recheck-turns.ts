import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recheckTurnsScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    limit: number,
    /** How long a turn that could not be read stays aside. */
    brokenAgainMs: number,
  },
  patterns: [...ringPatterns, 'head', 'broken'],
  reply: reply.tuple({ queuedAgain: reply.number, wantsTicket: reply.bit }),
})
