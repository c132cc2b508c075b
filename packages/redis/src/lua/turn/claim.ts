import { claimKeys, claimPatterns, claimSets } from '../../connection/keys.ts'
import { claimArgs, togetherInClaims } from '../claim-args.ts'
import { claimReplies } from '../claim-reply.ts'
import { clockText, digits, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const claimScript = defineScript(import.meta.url, {
  keys: claimKeys,
  args: { clockTime: clockText, taskId: text, turn: digits, ...claimArgs },
  patterns: claimPatterns,
  sets: claimSets,
  together: togetherInClaims,
  reply: reply.cases('outcome', { ...claimReplies, gone: {} }),
})
