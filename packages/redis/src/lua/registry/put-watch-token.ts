import { digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const putWatchTokenScript = defineScript(import.meta.url, {
  keys: ['watchToken', 'watchTokens'],
  args: {
    /** As JSON. */
    opens: text,
    validMs: digits,
    hash: text,
    maxTokens: number,
  },
  reply: reply.bit,
})
