import { MB, SECOND, MINUTE } from './units.ts'

/** Lists, searches and waiting requests. */
export const readingLimits = {
  listPage: 200,
  /** The bytes after which a page of a list ends, and after which a search ends. */
  listBytes: 8 * MB,
  /** Tasks that a page of a list examines for matches, and how many it examines together. */
  listScan: { tasks: 5_000, together: 200 },
  /**
   * Search: the bytes of the words of its first message that a task is found by, and the characters of the message from
   * which they are taken; the length of the words of a request.
   */
  search: { bytes: 128, characters: 400, request: 200 },
  /** Items of one page of a response's input. */
  inputItems: { default: 20, max: 100 },
  /** Facts and deltas that a stream reads at once, and the characters of each. */
  readEntries: { size: 200, length: MB },
  /** Failed tasks that one request may redrive: found by its filter, or listed by id. */
  redrives: 10_000,
  redriveIds: 1_000,
  /** Entries that one request of the doctor examines. */
  scan: { default: 500, max: 5_000 },
  /** The greatest value of `?wait=`. */
  longPoll: MINUTE,
  /** How long the cancellation of an OpenAI response waits for the turn's end. */
  cancelWait: 5 * SECOND,
  /** Seconds for which a watch token gives access to a task. */
  watchToken: { default: 600, max: 3_600 },
} as const
