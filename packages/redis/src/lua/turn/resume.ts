import { queueKeys } from '../../connection/keys.ts'
import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const resumeScript = defineScript(import.meta.url, {
  keys: ['head', 'outbox', 'deadlines', ...queueKeys],
  args: {
    clockTime: clockText,
    taskId: text,
    /** The member of `deadlines`, `<response id>:wake`. */
    deadline: text,
    /** The time after which the job is checked. */
    lookAfterMs: number,
  },
  reply: reply.bit,
})
