import { digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const bindConversationScript = defineScript(import.meta.url, {
  keys: ['conversation', 'conversations'],
  args: {
    seen: text,
    target: text,
    keepForMs: digits,
    hash: text,
    maxConversations: number,
  },
  reply: reply.text,
})
