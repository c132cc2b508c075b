import { KB, MB, SECOND } from './units.ts'

/** Templates and schemas of callers, and the threads that process them. */
export const contentLimits = {
  template: 256 * KB,
  /** The depth to which a template may be nested. */
  templateDepth: 100,
  /**
   * The budget of all templates and schemas of one request, of one model call, or of one sync of an MCP server: steps
   * (nodes visited, names looked up, operations), characters printed, and milliseconds of CPU time.
   */
  content: { steps: 100_000, characters: 2 * MB, milliseconds: 2 * SECOND },
  /** Milliseconds of CPU time for the checks of one model reply against its schemas. */
  replyChecks: SECOND / 2,
  /** The part of `content` that may be used in the event loop. Beyond it, the work starts again on a thread. */
  contentAtOnce: { steps: 2_000, characters: 64 * KB, milliseconds: 50 },
  /** Characters of new schemas that are compiled in the event loop. */
  schemasAtOnce: 32 * KB,
  /**
   * Milliseconds of the event loop that each workspace may use at once, and how many are restored per second. Work that
   * takes less than `from` milliseconds of CPU time, as requests themselves do, is not counted.
   */
  contentShare: { milliseconds: 250, perSecond: 250, from: 2 },
  /**
   * Threads of a process for templates and schemas, how many requests of each workspace may wait for them, the size of
   * a thread's input (as JSON, in characters), and how long they work for one request.
   */
  contentThreads: { atOnce: 2, waiting: 20, input: 32 * MB },
  contentWait: 20 * SECOND,
  /** One JSON Schema: characters, depth, and the time to compile it and to check one value. */
  schema: {
    length: 64 * KB,
    depth: 32,
    compile: SECOND,
    check: SECOND / 5,
    /** Up to this product of the characters of schema and value, a check in linear time is not interrupted. */
    checkedAtOnce: 128 * KB,
    /** How many compiled schemas a process caches. */
    remembered: 500,
  },
  /**
   * The memory of a thread for pages, templates or schemas, and how long an idle thread for templates and schemas is
   * kept.
   */
  threads: { memory: 256 * MB, idle: 30 * SECOND },
} as const
