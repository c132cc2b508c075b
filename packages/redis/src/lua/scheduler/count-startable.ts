import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const countStartableScript = defineScript(import.meta.url, {
  keys: ringKeys,
  args: { clockTime: clockText },
  tails: { names: textList },
  patterns: [...ringPatterns, 'log'],
  reply: reply.list(
    reply.tuple({
      queued: reply.number,
      running: reply.number,
      limit: reply.unlessEmpty(reply.number),
      isPaused: reply.bit,
      open: reply.number,
      waitMs: reply.number,
      modelRequests: reply.number,
      modelTokens: reply.number,
    }),
  ),
})
