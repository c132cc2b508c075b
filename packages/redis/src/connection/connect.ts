import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import { clientName } from './keys.ts'
import { isRefusal } from './unavailable.ts'

/**
 * The purpose of a connection.
 *
 * - `requests` fails quickly, so that the caller receives a 503 at once.
 * - `work` waits until Redis is available again.
 * - `bulk` transfers large values, which take longer, and delays nothing else.
 * - `queue` and `wake` may be silent for as long as a blocking read. The read of a lost `wake` connection fails,
 * because its reader must then catch up.
 * - `check` sends one command to a Redis that may be loading, and does not reconnect.
 */
export type Role = 'requests' | 'work' | 'bulk' | 'queue' | 'wake' | 'check'

/** A blocking read lasts at most this long, in seconds. */
export const blockSeconds = limits.redis.blockingRead / 1_000

/** A Redis server with its credentials. */
export type RedisServer = {
  host: string
  port: number
  db: number
  /** The server's certificate must be valid for the host. */
  tls: boolean
  username?: string
  password?: string
}

type Options = { role: Role; onError: (error: Error) => void }

/**
 * Opens a connection for one role; tools may pass a URL. Without `socketTimeout`, a connection with a silently dead
 * socket would wait forever. A connection never becomes ready on a server without its database, because it would use
 * database 0.
 */
export function connect(server: RedisServer | string, { role, onError }: Options): Redis {
  const Kind = kinds[role] ?? Redis
  const options = {
    connectionName: clientName(role),
    connectTimeout: limits.redis.connect,
    retryStrategy: (times: number) =>
      Math.min(50 * 2 ** Math.min(times, 6), 2_000) * (0.5 + Math.random() / 2),
    reconnectOnError: atMostEvery(demotionPauseMs, isDemoted),
    ...settings[role],
  }
  const redis =
    typeof server === 'string'
      ? new Kind(server, options)
      : new Kind({ ...addressOf(server), ...options })
  redis.on('error', (error) => {
    if (isOfSelect(error)) redis.disconnect(true)
    onError(error)
  })
  return redis
}

function addressOf({ host, port, db, tls, username, password }: RedisServer) {
  return { host, port, db, username, password, ...(tls && { tls: {} }) }
}

/** Whether an error states that the server does not have the database of the connection. */
export function isMissingDatabase(error: Error): boolean {
  return isOfSelect(error) && error.message.startsWith('ERR ')
}

function isOfSelect(error: Error & { command?: { name: string } }): boolean {
  return error.command?.name === 'select'
}

/** A primary that became a replica keeps its connections. A new connection may lead to the new primary. */
function isDemoted(error: Error): boolean {
  return error.message.startsWith('READONLY')
}

/** The shortest time between two reconnects because of a read-only Redis, milliseconds. */
const demotionPauseMs = 1_000

function atMostEvery(ms: number, holds: (error: Error) => boolean) {
  let last = -Infinity
  return (error: Error): boolean => {
    if (performance.now() < last + ms || !holds(error)) return false
    last = performance.now()
    return true
  }
}

const blockingSilence = (blockSeconds + 3) * 1_000

const settings = {
  requests: {
    maxRetriesPerRequest: 1,
    commandTimeout: limits.redis.command,
    socketTimeout: limits.redis.silence,
    enableOfflineQueue: false,
  },
  work: { maxRetriesPerRequest: null, socketTimeout: limits.redis.silence },
  // A command of 16 MB needs more than a second on a slow network.
  bulk: {
    maxRetriesPerRequest: 1,
    commandTimeout: limits.redis.bulkCommand,
    socketTimeout: limits.redis.bulkSilence,
    enableOfflineQueue: false,
  },
  queue: { maxRetriesPerRequest: null, socketTimeout: blockingSilence },
  wake: { maxRetriesPerRequest: 0, socketTimeout: blockingSilence },
  check: {
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    commandTimeout: limits.redis.command,
    socketTimeout: limits.redis.silence,
  },
}

/**
 * The largest number of bytes that share a write. Redis reads this many at once, and processes them while more are
 * written.
 */
const perWrite = 16 * 1024

/**
 * Combines the commands of one iteration of the event loop into a few writes, which saves a system call each on both
 * sides. The pipelining of ioredis would delay every reply until the last one of its batch has arrived.
 */
class CorkedRedis extends Redis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    if (this.status === 'ready') cork(this.stream)
    return super.sendCommand(...args)
  }
}

function cork(stream: Redis['stream']): void {
  if (stream.writableCorked === 0) {
    stream.cork()
    setImmediate(() => stream.uncork())
  } else if (stream.writableLength > perWrite) {
    stream.uncork()
    stream.cork()
  }
}

/** The delay of a refusal, milliseconds. */
const refusalDelayMs = 500

/**
 * Delays a refusal of Redis (full or read-only). BullMQ repeats a refused command at once, and would do so thousands of
 * times a second for as long as a job waits.
 */
class PatientRedis extends Redis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const [command, pipeline] = args
    const reply: unknown = super.sendCommand(...args)
    if (!(reply instanceof Promise) || pipeline !== undefined || sent.has(command)) return reply
    sent.add(command)
    return reply.catch(afterDelay)
  }
}

/**
 * Commands whose promise a caller has. ioredis calls `sendCommand` again for each command that it repeats after a
 * reconnect, and for those of a pipeline, and ignores the result: a rejected promise that nobody handles would end the
 * process.
 */
const sent = new WeakSet<object>()

async function afterDelay(error: unknown): Promise<never> {
  if (isRefusal(error)) await sleep(refusalDelayMs)
  throw error
}

const kinds: { [role in Role]?: typeof Redis } = {
  requests: CorkedRedis,
  work: CorkedRedis,
  queue: PatientRedis,
}
