import { clockText, flag, number, optionalNumber, optionalText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const claimScript = defineScript(import.meta.url, {
  keys: ['head', 'log', 'outbox', 'leases', 'wake', 'workers', 'deadlines'],
  args: {
    clockTime: clockText,
    taskId: text,
    job: text,
    attempt: text,
    lockMs: number,
    /** The id of the worker process. */
    worker: optionalText,
    /** Whether the worker process runs this turn alone. */
    isAlone: flag,
    /** The newest version of heads and facts that the worker can read. */
    newestVersion: number,
    /** A larger log is not returned with the claim. */
    maxSentBytes: number,
    /** The number of crashes that make a turn a suspect. */
    suspectCrashes: number,
    /** The number of crashes after streamed output that do not count. */
    forgivenStreamed: number,
    /** The number of crashes alone that condemn a turn. */
    condemningAlone: number,
    /** The greatest size of the log, in bytes. No limit when absent. */
    maxHeldBytes: optionalNumber,
  },
  reply: reply.cases('outcome', {
    claimed: {
      epoch: reply.number,
      cancelRequested: reply.bit,
      texts: reply.list(reply.text),
      workspace: reply.text,
      deaths: reply.number,
      length: reply.number,
      bytes: reply.number,
      deadline: reply.unlessEmpty(reply.number),
      isUnread: reply.bit,
      alone: reply.number,
      held: reply.number,
    },
    busy: { inMs: reply.number },
    suspect: {
      workspace: reply.text,
      deaths: reply.number,
      alone: reply.number,
      sinceMs: reply.number,
    },
    stale: {},
    newer: {},
    large: { bytes: reply.number, workspace: reply.text },
  }),
})
