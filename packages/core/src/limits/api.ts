import { KB, MB, SECOND, MINUTE, HOUR } from './units.ts'

/** An API process. */
export const apiLimits = {
  /**
   * HTTP: the time for the head of a request and for the whole request; how much of its body must arrive within which
   * time, and how often that is checked; the time after which an idle connection is closed; requests per connection;
   * the bytes of a refused upload that are read nevertheless, and how long its end is awaited.
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
  /**
   * Requests that one connection sends before it receives the replies to earlier ones; above it, the connection is
   * closed.
   */
  pipelined: 64,
  /** Connections of an API process on which no request with a valid key has arrived yet. */
  newConnections: 1_000,
  /**
   * Bytes of all bodies and large replies that are being processed, and of the data loaded for them: per API key, per
   * workspace (always less than the process has), and per process. A small request is not refused because of other
   * keys.
   */
  bytesInFlight: { perKey: 32 * MB, perWorkspace: 64 * MB, perProcess: 128 * MB, small: 64 * KB },
  /** Open streams and waiting requests of one API process: per API key, per watch token, and in total. */
  streams: { perKey: 1_000, perToken: 20, total: 10_000 },
  /** How often API processes report the open streams of workspaces to each other. */
  streamReport: SECOND,
  /** The time after which a refused stream may be tried again. */
  streamRetry: 5 * SECOND,
  /** Streams: the interval of heartbeats, the interval of key checks, and how long a client may read nothing. */
  eventStream: { heartbeat: 15 * SECOND, keyCheck: 5 * SECOND, stall: 30 * SECOND },
  /**
   * Unknown keys that one address may send within a window, and the number of addresses counted. A key that was valid
   * recently is accepted from any address: for how long, and how many such keys are stored.
   */
  unknownKeys: {
    perMinute: 30,
    window: MINUTE,
    addresses: 10_000,
    validFor: HOUR,
    validKeys: 10_000,
  },
  /** The longest `Retry-After` of a refused request. */
  retryAfter: MINUTE,
  /** The time after which a submit that a full backlog refused may be tried again. */
  retryQueued: 5 * SECOND,
  /**
   * The load at which an API process refuses new background tasks, new tasks with a waiting caller, and further turns:
   * the used share of the memory of Redis, how late the event loop is during a whole window, and how long a turn that
   * could start has waited, in multiples of `LONGHAUL_SHED_AFTER`. How often the load is measured, and the time after
   * which a refused request may be tried again.
   */
  shed: {
    memory: { background: 0.9, awaited: 0.94, continuation: 0.97 },
    lag: { background: 0.5 * SECOND, awaited: SECOND, continuation: 2 * SECOND },
    lagWindow: 5 * SECOND,
    queueTimes: { background: 1, awaited: 1.5, continuation: 2 },
    every: SECOND,
    retry: 10 * SECOND,
  },
  /** The interval in which refusals of one caller by one policy are logged once, and the number of callers counted. */
  refusalLog: { every: MINUTE, callers: 10_000 },
  /** How long a session of the dashboard lasts, and a link to sign in. */
  session: { lifetime: 12 * HOUR, link: 5 * MINUTE },
  /** How long keys and resolved agents are cached, and how many. */
  remembered: { time: SECOND, keys: 10_000, agents: 500 },
  /** How long an older process waits for a newer one to restore a lost list of keys. */
  newerKeysFirst: 3 * SECOND,
} as const
