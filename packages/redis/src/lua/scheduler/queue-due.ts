import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const queueDueScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'tickets'],
  args: { clockTime: clockText, limit: number },
  patterns: [...ringPatterns, 'head', 'broken'],
  reply: reply.tuple({
    queued: reply.number,
    nextInMs: reply.unlessEmpty(reply.number),
    wantsTicket: reply.bit,
  }),
})
