import { MB, SECOND, MINUTE } from './units.ts'

/** What is listed, searched and waited for. */
export const readingLimits = {
  listPage: 200,
  /** A page of a list ends when it holds this much, and a search when it has read this much. */
  listBytes: 8 * MB,
  /** Tasks that a page of a list looks at for those that fit, and how many together. */
  listScan: { tasks: 5_000, together: 200 },
  /** Items of a page of a response's input. */
  inputItems: { default: 20, max: 100 },
  /** Facts and deltas that a stream reads at once, and how many characters of each. */
  readEntries: { size: 200, length: MB },
  /** Failed tasks that one request may have go on: found by it, or named in it. */
  redrives: 10_000,
  redriveIds: 1_000,
  /** Entries that one request of the doctor looks at. */
  scan: { default: 500, max: 5_000 },
  /** The longest that `?wait=` may ask for. */
  longPoll: MINUTE,
  /** How long the cancelling of an OpenAI response waits for its end. */
  cancelWait: 5 * SECOND,
  /** For how many seconds a watch token opens a task. */
  watchToken: { default: 600, max: 3_600 },
} as const
