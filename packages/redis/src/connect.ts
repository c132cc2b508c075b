import { Redis } from 'ioredis'

/**
 * What a connection is for. `requests` and `enqueue` give up quickly, so that a caller hears 503 and
 * not silence; `work` waits for Redis to come back. `queue` and `wake` may be silent for as long as a blocking
 * read: a `wake` connection's read fails when it is lost, since what it would miss must be made good.
 */
export type Role = 'requests' | 'enqueue' | 'work' | 'queue' | 'wake'

/** A blocking read lasts at most this long, in seconds. */
export const blockSeconds = 5

type Options = { role: Role; onError: (error: Error) => void }

/** A connection for one role. Without `socketTimeout` a silently dead socket would leave it deaf for ever. */
export function connect(url: string, { role, onError }: Options): Redis {
  const redis = new Redis(url, {
    connectTimeout: 2_000,
    retryStrategy: (times) =>
      Math.min(50 * 2 ** Math.min(times, 6), 2_000) * (0.5 + Math.random() / 2),
    ...settings[role],
  })
  redis.on('error', onError)
  return redis
}

const failFast = {
  maxRetriesPerRequest: 1,
  commandTimeout: 1_500,
  socketTimeout: 4_000,
  enableOfflineQueue: false,
}

const blockingSilence = (blockSeconds + 3) * 1_000

const settings = {
  // Pipelining saves Redis much work per script, and costs BullMQ's `add` half its speed.
  requests: { ...failFast, enableAutoPipelining: true },
  enqueue: failFast,
  work: { maxRetriesPerRequest: null, socketTimeout: 4_000 },
  queue: { maxRetriesPerRequest: null, socketTimeout: blockingSilence },
  wake: { maxRetriesPerRequest: 0, socketTimeout: blockingSilence },
}
