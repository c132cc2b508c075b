import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, flag, optionalDigits, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const setLimitsScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    workspace: text,
    running: optionalDigits,
    runningPerKey: optionalDigits,
    weight: optionalDigits,
    isPaused: flag,
  },
  patterns: ringPatterns,
  reply: reply.bit,
})
