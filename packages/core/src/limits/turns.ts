import { KB, MB, SECOND, MINUTE, DAY } from './units.ts'

/** A turn, its model calls and its files. */
export const turnsLimits = {
  model: {
    firstByte: 5 * MINUTE,
    betweenChunks: 2 * MINUTE,
    call: 30 * MINUTE,
    /** For an agent whose `retry` has no count, and after unusable answers. */
    retries: 3,
    backoff: 500,
    backoffMax: MINUTE,
    /** How long a failed call is repeated when the agent has no `retry`, unless the operator configures another time. */
    patience: 10 * MINUTE,
    /** The longest Retry-After that is observed. */
    retryAfter: DAY,
    /**
     * While another model is left: how often one is called before that, and the longest pause before it is called
     * again.
     */
    beforeFallback: { tries: 2, pause: 2 * SECOND },
    /** The bytes that are read of the body of an error. */
    errorBody: 64 * KB,
  },
  /** How much later a turn starts for each step of its priority, and the bytes of a fairness key. */
  priorityAgeing: 10 * MINUTE,
  fairnessKey: 64,
  /** How far the start of a turn may be ahead, and the longest wait after which a turn expires. */
  startAhead: 90 * DAY,
  /**
   * Rates of models: how long a call waits in its worker, where it uses a slot; how far ahead it may be reserved; and how
   * far ahead the next reservation must be before the turns of a closed class of models start again. The last is less, so
   * that many turns start again together.
   */
  modelRates: { inWorker: 2 * SECOND, ahead: MINUTE, reopen: 30 * SECOND },
  modelOutput: 4 * MB,
  /** How often a model is called again when its answer does not match the plan's `output`. */
  outputRepairs: 1,
  /** How many calls of one reply are made, in order. The model reads that the others were not made. */
  callsPerReply: 128,
  /** How many of these calls are made at once. */
  callsAtOnce: 16,
  /**
   * How long a model call may continue when the turn's time has expired: this long, or as long as the turn's time where
   * that is more.
   */
  executionOverrun: 10 * SECOND,
  /** The interval in which streamed output is recorded. */
  deltaInterval: 40,
  /**
   * How long the first output of a part is held back when nobody watched the turn from its start: of a part that ends
   * within this time, no delta is recorded.
   */
  deltaHold: 100,
  /** A turn that must wait longer than this waits without a worker. */
  waitInWorker: 10 * SECOND,
  /** How long a turn that waits for sub-agents is parked. An answer resumes it earlier. */
  parked: 60 * MINUTE,
  /** How long the worker of a cancelled turn may take to stop. */
  cancelGrace: 2 * SECOND,
  /** A file of a message, decoded. */
  file: 7 * MB,
  /**
   * Files of results: of one result; of all results of one request; of all results of a turn's tools, and the bytes of
   * these, decoded.
   */
  resultFiles: { perResult: 100, perRequest: 500, perTurn: 500, bytesPerTurn: 32 * MB },
  fileTimeout: MINUTE,
  /** How often a file is requested, the pause between two tries, and how many files are fetched at once. */
  fileTries: 3,
  filePause: SECOND,
  filesAtOnce: 4,
} as const
