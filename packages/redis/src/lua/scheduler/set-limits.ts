import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, flag, optionalDigits, optionalText, text } from '../arguments.ts'
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
    /** The rates of models, as JSON. */
    models: optionalText,
  },
  patterns: ringPatterns,
  reply: reply.bit,
})
