import { claimKeys, claimSets, nextPatterns } from '../../connection/keys.ts'
import { claimArgs, togetherInClaims } from '../claim-args.ts'
import { nextReplies } from '../claim-reply.ts'
import { clockText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const claimNextScript = defineScript(import.meta.url, {
  keys: claimKeys,
  args: {
    clockTime: clockText,
    /** The slot of the worker that the turn is to use. */
    slot: text,
    ...claimArgs,
  },
  patterns: nextPatterns,
  sets: [...claimSets, 'tickets'],
  together: togetherInClaims,
  isOften: true,
  reply: reply.tuple({ wantsTicket: reply.bit, next: reply.cases('outcome', nextReplies) }),
})
