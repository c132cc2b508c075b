import { KB, MB, DAY } from './units.ts'

/** What a request may bring. */
export const requestsLimits = {
  body: 10 * MB,
  jsonDepth: 100,
  /** Values of one body or of a tool's result, objects and arrays among them: what is parsed in a few tens of milliseconds. */
  jsonValues: 100_000,
  parts: 1_000,
  mapKeys: 5_000,
  /** What a caller tells of itself and of a run (identity, thread, metadata …), as JSON. */
  notes: 64 * KB,
  /** Texts and lists of bodies: characters, or how many. `line` is any other text in one line. */
  fields: {
    line: 1_000,
    id: 512,
    key: 255,
    displayName: 255,
    /** Of a tool, a function, a MIME type. */
    name: 256,
    /** Of a file, and of whom a request is for. */
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
  /** What is recorded of a request: its message with the templates filled, what came before it, its variables. */
  submission: 16 * MB,
  /** How long an `Idempotency-Key` is remembered. */
  idempotency: DAY,
} as const
