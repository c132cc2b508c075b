import { acceptPatterns } from '../../connection/keys.ts'
import { blobRows, digits, number, options, text, textList } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'
import { submitQuota } from '../quota-reply.ts'

const taken = {
  turn: reply.number,
  startedAt: reply.number,
  pos: reply.number,
  fact: reply.number,
}

/** What few submits have. */
export type SubmitOptions = {
  /** The time in tests. */
  clockTime?: number | undefined
  /** From 1 to 5. */
  priority?: number | undefined
  /** The fairness key, and its short form in names of keys. */
  fairnessKey?: string | undefined
  key?: string | undefined
  /** Whether the turn has the priority and the fairness key of the turn before. */
  isInherited?: true | undefined
  /** Whether it has the fairness key of the turn before, if that had one. */
  keepsKey?: true | undefined
  /** The short form of the class of its model. */
  class?: string | undefined
  /** When the turn may start: a time, or the same from now on. */
  startAt?: number | undefined
  startInMs?: number | undefined
  /** How long the turn may wait, from then on. */
  expiresInMs?: number | undefined
  /** Whether a caller waits for the end of the turn. */
  isAwaited?: true | undefined
}

export const submitScript = defineScript(import.meta.url, {
  keys: ['head'],
  args: {
    job: text,
    /** The latest turn that the caller saw, 0 for none. */
    after: number,
    workspace: text,
    agentId: text,
    requestId: text,
    /** `turn.started` as JSON, without its first brace. */
    fact: text,
    /** The start of the turn for the head, as JSON without its first brace. */
    started: text,
    /** The caller's metadata as JSON, or ''. */
    metadata: text,
    /** The words by which a new task is found, or ''. */
    words: text,
    /** The time within which the turn must end, from its start on. */
    deadlineMs: number,
    /** The retention of the task after its end. */
    retentionMs: digits,
    /** How much later a turn starts for each step of its priority. */
    ageingMs: number,
    /** The limit of the workspace's metadata, in bytes. */
    maxMetadataBytes: number,
    /**
     * The limits where the workspace has none of its own, each '-' if it is absent: requests a second, burst, queued turns,
     * tasks, bytes. '' when no limit may refuse the turn.
     */
    limits: text,
    options: options<SubmitOptions>(),
  },
  tails: {
    labels: textList,
    blobs: blobRows,
  },
  patterns: [...acceptPatterns, 'log', 'deltas', 'failed'],
  sets: ['ring', 'scheduler', 'deadlines', 'purges', 'tickets', 'wake'],
  isOften: true,
  reply: reply.cases('action', {
    accepted: {
      ...taken,
      wantsTicket: reply.bit,
      startsInMs: reply.number,
      quota: reply.unlessEmpty(submitQuota),
    },
    replay: taken,
    conflict: {},
    full: { what: reply.oneOf('facts', 'bytes', 'notes') },
    not_found: {},
    limited: {
      policies: reply.list(reply.oneOf('requests', 'queued', 'tasks', 'bytes')),
      waitMs: reply.number,
      quota: submitQuota,
    },
  }),
})
