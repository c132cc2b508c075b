import { clockText, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const readBucketsScript = defineScript(import.meta.url, {
  keys: ['rates'],
  args: { clockTime: clockText },
  tails: { names: textList },
  reply: reply.list(reply.number),
})
