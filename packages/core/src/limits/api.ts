import { KB, MB, SECOND, MINUTE, HOUR } from './units.ts'

/** An API process. */
export const apiLimits = {
  /**
   * Of HTTP: how long the head of a request and all of it may take, how much of its body must arrive in which time, how
   * often that is checked, how long an idle connection is kept, requests of one connection; of a refused upload, what is
   * read all the same, and how long its end waits.
   */
  http: {
    headers: 15 * SECOND,
    request: 15 * MINUTE,
    upload: { bytes: 512 * KB, within: 30 * SECOND },
    check: 5 * SECOND,
    idle: 65 * SECOND,
    requestsPerConnection: 10_000,
    smallUpload: 64 * KB,
    linger: SECOND,
  },
  /** Requests of one connection that come before the replies to those before them; then it is closed. */
  pipelined: 64,
  /** Connections of an API process over which no request with a valid key has come yet. */
  newConnections: 1_000,
  /**
   * What all bodies and large replies under way hold, and what is loaded for them: those of one API key, of one workspace,
   * which never has all that a process has, and of a process. A small one is not refused for what other keys hold.
   */
  bytesInFlight: { perKey: 32 * MB, perWorkspace: 64 * MB, perProcess: 128 * MB, small: 64 * KB },
  /** Streams and waiting requests that are open in one API process: of one API key, of one watch token, in all. */
  streams: { perKey: 1_000, perToken: 20, total: 10_000 },
  /** When a refused one may be tried again. */
  streamRetry: 5 * SECOND,
  /** Of a stream: how often it says something, how often its key is checked, how long a reader may take nothing. */
  eventStream: { heartbeat: 15 * SECOND, keyCheck: 5 * SECOND, stall: 30 * SECOND },
  /**
   * Unknown keys that one address may send within a window, and how many addresses are remembered. A key that was valid
   * lately passes from any address: for how long, and how many such keys are remembered.
   */
  unknownKeys: {
    perMinute: 30,
    window: MINUTE,
    addresses: 10_000,
    validFor: HOUR,
    validKeys: 10_000,
  },
  /** The longest time after which a refused request is asked to come again. */
  retryAfter: MINUTE,
  /** One log line of refusals for each caller and policy in this time, and how many callers are remembered for that. */
  refusalLog: { every: MINUTE, callers: 10_000 },
  /** How long keys and resolved agents are remembered, and how many. */
  remembered: { time: SECOND, keys: 10_000, agents: 500 },
  /** How long an older process leaves the restoring of a lost list of keys to a newer one. */
  newerKeysFirst: 3 * SECOND,
} as const
