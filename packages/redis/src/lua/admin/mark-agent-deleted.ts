import { clockText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const markAgentDeletedScript = defineScript(import.meta.url, {
  keys: ['deletedAgents', 'agentsToPurge'],
  args: {
    clockTime: clockText,
    agentId: text,
    /** 'cancel' or 'delete'. */
    tasks: text,
  },
  reply: reply.nothing,
})
