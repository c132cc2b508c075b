import { KB, MB, SECOND, MINUTE, DAY } from './units.ts'

/** Limits of a task's log, and of the use of Redis. */
export const storeLimits = {
  /** Facts of a task, and their bytes including blobs. At the limit the task takes no further step. */
  facts: 20_000,
  /** The part of the facts that is reserved for the end of a turn and for facts from outside. */
  factsReserve: 100,
  logBytes: 64 * MB,
  /** A value of a fact above this size is stored in a separate blob. */
  inline: 16 * KB,
  /**
   * Bytes of a task's streamed output that are stored beside the log. Beyond them, the output of finished parts is
   * removed.
   */
  deltas: 16 * MB,
  /** How long a turn with `store: false` is kept after its end. */
  unstored: 10 * MINUTE,
  /** How long the id of a purged task stays reserved: as long as an idempotency key may refer to it. */
  tombstone: DAY,
  /** From this size on, a value or a page of values has a connection of its own, apart from small commands. */
  large: 256 * KB,
  /** The size of one page of a log or a list that is read in pages. */
  transferPage: 512 * KB,
  /**
   * From this size on, an agent, a tool or a page of them is a transfer: callers choose the size, and may request many
   * at once.
   */
  largeDefinition: 64 * KB,
  /** Small reads of an API process that run at once on the shared connection: of all workspaces, and of each. */
  sharedReads: { atOnce: 128, perWorkspace: 32 },
  /** How many large transfers a process runs at once, and how many of each workspace may wait. */
  transfers: { atOnce: 4, waiting: 200 },
  /**
   * Redis: the time limits for a connection attempt, for a command of a request, for the commands with which a request
   * begins, and for silence; and how long a read waits for a new entry.
   */
  redis: {
    connect: 2 * SECOND,
    command: 1.5 * SECOND,
    request: 1.8 * SECOND,
    silence: 4 * SECOND,
    bulkCommand: 15 * SECOND,
    bulkSilence: 8 * SECOND,
    blockingRead: 5 * SECOND,
  },
} as const
