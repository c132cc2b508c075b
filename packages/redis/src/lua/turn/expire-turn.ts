import { finishPatterns, ringKeys, ringPatterns } from '../../connection/keys.ts'
import { blobRows, clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const expireTurnScript = defineScript(import.meta.url, {
  keys: [
    'head',
    'log',
    'deltas',
    'leases',
    'deadlines',
    'wake',
    'purges',
    'cancels',
    ...ringKeys,
    'tickets',
  ],
  args: {
    clockTime: clockText,
    taskId: text,
    /** The member of `deadlines`, `<response id>:end`; or '' and the member of `expiries`, a job. */
    deadline: text,
    expired: text,
    /** The number of facts that the caller has folded. */
    folded: number,
    endFact: text,
    endStatus: text,
    result: text,
    /** What the turn has used, as JSON. */
    usage: text,
  },
  tails: {
    blobs: blobRows,
  },
  patterns: [...ringPatterns, ...finishPatterns],
  reply: reply.tuple({ outcome: reply.oneOf('ended', 'stale', 'gone'), wantsTicket: reply.bit }),
})
