import { KB, MB, SECOND } from './units.ts'

/** Templates and schemas that callers write, and the threads that work on them. */
export const contentLimits = {
  template: 256 * KB,
  /** How deep a template may be nested. */
  templateDepth: 100,
  /**
   * What all templates and schemas of one request use together, of one model call, or of one sync of an MCP server:
   * steps (places visited, names looked up, operations), characters printed, and milliseconds of a processor.
   */
  content: { steps: 100_000, characters: 2 * MB, milliseconds: 2 * SECOND },
  /** For the schemas of one model reply: the milliseconds of a processor that its checks take. */
  replyChecks: SECOND / 2,
  /** What of `content` is done in the event loop. Beyond that the work begins again on a thread. */
  contentAtOnce: { steps: 2_000, characters: 64 * KB, milliseconds: 50 },
  /** Characters of new schemas that are compiled in the event loop. */
  schemasAtOnce: 32 * KB,
  /**
   * The milliseconds of the event loop that each workspace may use at once, and how many come back in a second. What
   * takes fewer milliseconds of a processor, as requests themselves do, is not counted.
   */
  contentShare: { milliseconds: 250, perSecond: 250, from: 2 },
  /**
   * Threads of a process for templates and schemas, how much of each workspace may wait for them, what is sent to one (as
   * JSON, in characters), and how long they work for one request.
   */
  contentThreads: { atOnce: 2, waiting: 20, input: 32 * MB },
  contentWait: 20 * SECOND,
  /** One JSON Schema: characters, depth, and the time to compile it and to check one value. */
  schema: {
    length: 64 * KB,
    depth: 32,
    compile: SECOND,
    check: SECOND / 5,
    /** How many a process remembers. */
    remembered: 500,
  },
  /** Memory of a thread for pages, templates or schemas, and how long one for templates and schemas is kept without work. */
  threads: { memory: 256 * MB, idle: 30 * SECOND },
} as const
