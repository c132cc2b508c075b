import { KB, MB, SECOND, MINUTE, DAY } from './units.ts'

/** A turn, its model calls and its files. */
export const turnsLimits = {
  model: {
    firstByte: 5 * MINUTE,
    betweenChunks: 2 * MINUTE,
    call: 30 * MINUTE,
    /** Of an agent whose `retry` names no count, and after answers that cannot be used. */
    retries: 3,
    backoff: 500,
    backoffMax: MINUTE,
    /** How long a failed call is repeated where the agent has no `retry` of its own, unless the operator says otherwise. */
    patience: 10 * MINUTE,
    /** The longest Retry-After that is followed. */
    retryAfter: DAY,
    /** While another model is left: how often one is asked first, and the longest pause before it is asked again. */
    beforeFallback: { tries: 2, pause: 2 * SECOND },
    /** What is read of the body of an error. */
    errorBody: 64 * KB,
  },
  modelOutput: 4 * MB,
  /** How often a model is asked again whose answer is not what the plan's `output` asks for. */
  outputRepairs: 1,
  /** How many calls of one reply are made, the first ones; the model reads of the others that they were not. */
  callsPerReply: 128,
  /** How many of them are made at once. */
  callsAtOnce: 16,
  /** How long a model call may go on when the turn's time is used up; as long again where that is more. */
  executionOverrun: 10 * SECOND,
  /** Output that is streamed is recorded this often. */
  deltaInterval: 40,
  /** A turn that must wait for longer waits without a worker. */
  waitInWorker: 10 * SECOND,
  /** How long a turn is parked that waits for sub-agents; their answers come by themselves. */
  parked: 60 * MINUTE,
  /** How long a cancelled turn's worker has to stop by itself. */
  cancelGrace: 2 * SECOND,
  /** A file of a message, decoded. */
  file: 7 * MB,
  fileTimeout: MINUTE,
  /** How often a file's server is asked, the pause in between, and files that are fetched at once. */
  fileTries: 3,
  filePause: SECOND,
  filesAtOnce: 4,
} as const
