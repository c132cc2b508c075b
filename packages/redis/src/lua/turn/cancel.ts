import { finishPatterns, ringKeys, ringPatterns } from '../../connection/keys.ts'
import {
  blobRows,
  clockText,
  number,
  optionalDigits,
  optionalNumber,
  optionalText,
  text,
} from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const cancelScript = defineScript(import.meta.url, {
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
    graceMs: number,
    /** `cancel.requested` as JSON. */
    cancelFact: text,
    /** When absent, any turn. */
    turn: optionalDigits,
    /** For an end: the number of facts that the caller has folded. */
    folded: optionalNumber,
    /** `turn.failed` as JSON. */
    endFact: optionalText,
    result: optionalText,
    /** What the turn has used, as JSON. */
    usage: optionalText,
  },
  tails: {
    blobs: blobRows,
  },
  patterns: [...ringPatterns, ...finishPatterns],
  reply: reply.tuple({
    outcome: reply.oneOf('ended', 'stopping', 'not_found', 'stale'),
    wantsTicket: reply.bit,
    wait: reply.maybe(reply.unlessEmpty(reply.text)),
    workspace: reply.maybe(reply.text),
  }),
})
