import { ringKeys } from '../../connection/keys.ts'
import { clockText, flag } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const setPausedScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'tickets'],
  patterns: ['returned', 'closed'],
  args: { clockTime: clockText, isPaused: flag },
  reply: reply.bit,
})
