import { KB, MB, SECOND, MINUTE, DAY } from './units.ts'

/** Limits of a request. */
export const requestsLimits = {
  body: 10 * MB,
  jsonDepth: 100,
  /**
   * Values of one body or of a tool's result, including objects and arrays: an amount that is parsed in a few tens of
   * milliseconds.
   */
  jsonValues: 100_000,
  parts: 1_000,
  /** Items of the input of an OpenAI request. */
  items: 10_000,
  /**
   * Items of earlier responses that a request names by their ids: the number of these responses, how many are loaded at
   * once, and the bytes of all of them. The responses of a large task are loaded one by one, in pages of some facts.
   */
  itemRefs: { responses: 1_000, atOnce: 8, bytes: 64 * MB, largeTask: 4 * MB, largePage: 4 },
  mapKeys: 5_000,
  /** Caller metadata (identity, thread, metadata …), as JSON. */
  notes: 64 * KB,
  /** Texts and lists of bodies: characters, or number of items. `line` is any other text of one line. */
  fields: {
    line: 1_000,
    id: 512,
    key: 255,
    displayName: 255,
    /** A tool, a function, a MIME type. */
    name: 256,
    /** A file, and the end user of a request. */
    fileName: 1_024,
    toolType: 100,
    versionDescription: 300,
    email: 320,
    url: 8_000,
    logoUrl: 4_096,
    headerName: 200,
    headerValue: 8_000,
    tag: 256,
    tags: 100,
  },
  /** `metadata` of an OpenAI request: keys, and characters of a key and of a value. */
  metadata: { keys: 16, name: 64, value: 512 },
  /** The recorded part of a request: its message with the templates rendered, prior messages, and variables. */
  submission: 16 * MB,
  /** How long an `Idempotency-Key` is stored. */
  idempotency: DAY,
  /**
   * Requests that wait for their answers and whose clients repeat them without a key: how long after a lost connection a
   * repeat is recognised, how often a process shows that it serves, and after which silence it counts as stopped.
   */
  openRequests: { repeat: 5 * MINUTE, beat: 250, silence: 5 * SECOND },
} as const
