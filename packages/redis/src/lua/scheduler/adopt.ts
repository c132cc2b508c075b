import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const adoptScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'tickets', 'outbox', 'formerWait', 'formerPaused', 'formerMeta'],
  args: { clockTime: clockText, limit: number },
  patterns: [...ringPatterns, 'head'],
  reply: reply.tuple({ adopted: reply.number, isMoreLeft: reply.bit, wantsTicket: reply.bit }),
})
