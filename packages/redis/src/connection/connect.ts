import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import { clientName } from './keys.ts'
import { isRefusal } from './unavailable.ts'

/**
 * What a connection is for. `requests` gives up quickly, so that a caller hears 503 and not silence; `work`
 * waits for Redis to come back. `bulk` carries what is large, which takes longer and holds up nothing else.
 * `queue` and `wake` may be silent for as long as a blocking read: a `wake` connection's read fails when it is
 * lost, since what it would miss must be made good. `check` asks one question of a Redis that may be loading, and is
 * not made again.
 */
export type Role = 'requests' | 'work' | 'bulk' | 'queue' | 'wake' | 'check'

/** A blocking read lasts at most this long, in seconds. */
export const blockSeconds = limits.redis.blockingRead / 1_000

/** A Redis server, and how to log in. */
export type RedisServer = {
  host: string
  port: number
  db: number
  /** Its certificate must be valid for the host. */
  tls: boolean
  username?: string
  password?: string
}

type Options = { role: Role; onError: (error: Error) => void }

/**
 * A connection for one role; tools may give a URL. Without `socketTimeout` a silently dead socket would leave it deaf
 * for ever. It never gets ready on a server that does not have its database: it would use database 0.
 */
export function connect(server: RedisServer | string, { role, onError }: Options): Redis {
  const Kind = kinds[role] ?? Redis
  const options = {
    connectionName: clientName(role),
    connectTimeout: limits.redis.connect,
    retryStrategy: (times: number) =>
      Math.min(50 * 2 ** Math.min(times, 6), 2_000) * (0.5 + Math.random() / 2),
    reconnectOnError: atMostEvery(demotionRest, isDemoted),
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

/** Whether a server does not have the database that a connection asks for. */
export function isMissingDatabase(error: Error): boolean {
  return isOfSelect(error) && error.message.startsWith('ERR ')
}

function isOfSelect(error: Error & { command?: { name: string } }): boolean {
  return error.command?.name === 'select'
}

/** A primary that has become a replica keeps its connections; a new one may lead to its successor. */
function isDemoted(error: Error): boolean {
  return error.message.startsWith('READONLY')
}

/** How long until a Redis that stays read-only is left again, milliseconds. */
const demotionRest = 1_000

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

/** Bytes that share a write at most; Redis reads as many at once, and begins with them while more are written. */
const perWrite = 16 * 1024

/**
 * Commands of one turn of the event loop leave in a few writes, which saves both sides a system call
 * each. ioredis's own pipelining would keep every reply until the last of its batch is there.
 */
class CorkedRedis extends Redis {
  override sendCommand(...given: Parameters<Redis['sendCommand']>): unknown {
    if (this.status === 'ready') cork(this.stream)
    return super.sendCommand(...given)
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

/** How long whoever is refused waits for the refusal, milliseconds. */
const refusalRest = 500

/**
 * Tells of a refusal (a full or a read-only Redis) only after a rest: BullMQ asks again at once, and
 * would do so thousands of times a second for as long as a job waits.
 */
class PatientRedis extends Redis {
  override sendCommand(...given: Parameters<Redis['sendCommand']>): unknown {
    const [command, pipeline] = given
    const reply: unknown = super.sendCommand(...given)
    if (!(reply instanceof Promise) || pipeline !== undefined || sent.has(command)) return reply
    sent.add(command)
    return reply.catch(afterRest)
  }
}

/**
 * Commands that a caller has been given a promise for. ioredis comes here again with each that it sends
 * again after a reconnect, and with those of a pipeline, and drops what it gets: a promise that is
 * rejected with nobody to hear would end the process.
 */
const sent = new WeakSet<object>()

async function afterRest(error: unknown): Promise<never> {
  if (isRefusal(error)) await sleep(refusalRest)
  throw error
}

const kinds: { [role in Role]?: typeof Redis } = {
  requests: CorkedRedis,
  work: CorkedRedis,
  queue: PatientRedis,
}
