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
    /** Of heads and facts that the worker can read. */
    newestVersion: number,
    /** A larger log does not come with the claim. */
    maxSentBytes: number,
    /** How many crashes make a suspect. */
    suspectCrashes: number,
    /** How many of those after output do not count. */
    forgivenStreamed: number,
    /** How many crashes alone condemn it. */
    condemningAlone: number,
    /** Bytes that the log may hold; any number without it. */
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
