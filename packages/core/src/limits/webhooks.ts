import { DAY, HOUR, KB, MB, MINUTE, SECOND } from './units.ts'

/** Limits of webhooks. */
export const webhooksLimits = {
  webhooks: {
    /** Endpoints of a workspace, and the patterns of events of each. */
    endpoints: 100,
    events: 50,
    /** Characters of a URL, of a name, and of a secret. */
    url: 2_048,
    name: 200,
    secret: 256,
    /** How long a receiver may take to answer. */
    timeout: 15 * SECOND,
    /** The largest answer of a receiver, and how much of it is kept. */
    answer: MB,
    keptAnswer: 4 * KB,
    /** The largest output that an event contains. */
    output: 256 * KB,
    /** Requests to one endpoint: at once, and in a second. */
    atOnce: 5,
    perSecond: 20,
    /** The longest wait that a receiver may ask for with `Retry-After`. */
    retryAfter: 24 * HOUR,
    /** An endpoint whose deliveries all failed for so long is disabled. */
    failing: 5 * DAY,
    /** How long a previous secret stays valid after a rotation that keeps it. */
    previousSecret: DAY,
    /** How long deliveries are kept. */
    kept: 30 * DAY,
    /** How many endpoints a worker serves at once, and for how long before others get their turn. */
    served: 100,
    slice: 10 * SECOND,
    /** A delivery whose attempt is not recorded for so long is due again. */
    lease: 30 * SECOND,
    /** How often a worker looks for new events, how many it takes at once, and when it takes one again. */
    every: 0.5 * SECOND,
    batch: 100,
    again: 10 * SECOND,
    /** How often workers look for noted events of which a process has died before it told them. */
    sweep: MINUTE,
    /** How many deliveries one request recovers at most. */
    recovered: 10_000,
    /** How many tasks one request examines that recovers missing events. */
    examined: 2_000,
  },
} as const
