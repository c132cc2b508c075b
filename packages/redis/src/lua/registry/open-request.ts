import { digits, flag, text, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const openRequestScript = defineScript(import.meta.url, {
  keys: ['requests'],
  args: {
    id: text,
    process: text,
    keepForMs: digits,
    mayRepeat: flag,
    isChecked: flag,
  },
  tails: { stopped: textList },
  reply: reply.cases('action', {
    opened: {},
    repeat: { id: reply.text },
    served: { processes: reply.list(reply.text) },
  }),
})
