import { queueKeys } from '../../connection/keys.ts'
import { clockText, flag, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const checkJobScript = defineScript(import.meta.url, {
  keys: ['head', 'outbox', 'jobKey', 'jobLock', ...queueKeys],
  args: {
    clockTime: clockText,
    job: text,
    repair: flag,
    /** The job's data as JSON. */
    data: text,
    isListed: flag,
  },
  reply: reply.oneOf('missing', 'orphaned', ''),
})
