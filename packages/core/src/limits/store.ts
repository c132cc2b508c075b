import { KB, MB, SECOND, MINUTE, DAY } from './units.ts'

/** What a task records, and how Redis is spoken to. */
export const storeLimits = {
  /** Facts of a task, and their bytes with those of their blobs: at the limit it takes no further step. */
  facts: 20_000,
  /** Of the facts, those that are kept for the end of a turn and what comes from outside. */
  factsReserve: 100,
  logBytes: 64 * MB,
  /** A value of a fact above this size is kept in a blob of its own. */
  inline: 16 * KB,
  /** Bytes of a task's streamed output that are kept beside the log: beyond them, that of parts that are over goes. */
  deltas: 16 * MB,
  /** For how long a turn is kept that was not to be stored, after its end. */
  unstored: 10 * MINUTE,
  /** How long a forgotten task's id stays taken: as long as an idempotency key may lead to it. */
  tombstone: DAY,
  /** From this size on a value, or a page of values, moves apart from everybody's small commands. */
  large: 256 * KB,
  /** What one command brings of a log or a list that is read in pages. */
  transferPage: 512 * KB,
  /** From this size on an agent, a tool or a page of them moves apart: callers choose it, and may ask for many at once. */
  largeDefinition: 64 * KB,
  /** Small reads of an API process on the connection that all share, at once: of all workspaces, and of each. */
  sharedReads: { atOnce: 128, perWorkspace: 32 },
  /** How many large transfers a process makes at once, and how many of each workspace may wait. */
  transfers: { atOnce: 4, waiting: 200 },
  /** Of Redis: how long connecting, a command of a request, and silence may take; how long a read waits for something new. */
  redis: {
    connect: 2 * SECOND,
    command: 1.5 * SECOND,
    silence: 4 * SECOND,
    bulkCommand: 15 * SECOND,
    bulkSilence: 8 * SECOND,
    blockingRead: 5 * SECOND,
  },
} as const
