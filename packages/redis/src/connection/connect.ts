import { Redis } from 'ioredis'
import { limits } from '@longhaul/core'
import { connectCluster } from './connect-cluster.ts'
import { clientName, type Role } from './keys.ts'
import { commandTime } from './request-time.ts'

export type { Role }
import { corkWrites, delayRefusal } from './send-command.ts'

/** A blocking read lasts at most this long, in seconds. */
export const blockSeconds = limits.redis.blockingRead / 1_000

export type Address = { host: string; port: number }

/** Redis with its credentials: a server, its socket, nodes of a cluster, or sentinels and the name of a primary. */
export type RedisServer = (
  | Address
  | { path: string }
  | { cluster: Address[] }
  | { sentinels: Address[]; name: string }
) & {
  db: number
  /** The server's certificate must be valid for the host, or for `servername`. */
  tls: false | { ca?: string; cert?: string; key?: string; servername?: string }
  username?: string
  password?: string
  /** The credentials of sentinels, which do not have those of Redis. */
  sentinelAccount?: { username?: string; password: string }
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
    retryStrategy: reconnectDelay,
    reconnectOnError: atMostEvery(demotionPauseMs, isDemoted),
    ...settings[role],
  }
  if (typeof server !== 'string' && 'cluster' in server) {
    const { cluster: nodes, username, password, tls } = server
    const node = { username, password, ...(tls && { tls }), ...options }
    return connectCluster({ role, nodes, node, onError })
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

function addressOf({ tls, sentinelAccount, ...address }: SingleServer) {
  if (!('sentinels' in address)) return { ...address, ...(tls && { tls }) }
  return {
    ...address,
    ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
    ...(sentinelAccount && { sentinelPassword: sentinelAccount.password }),
    ...(sentinelAccount?.username && { sentinelUsername: sentinelAccount.username }),
    // Hears of a failover from the sentinels, also when the former primary is only cut off from them.
    failoverDetector: true,
    sentinelRetryStrategy: reconnectDelay,
    sentinelMaxConnections: 3,
    sentinelCommandTimeout: limits.redis.command,
  }
}

/** Everything but a cluster leads to one server. */
type SingleServer = Exclude<RedisServer, { cluster: Address[] }>

function reconnectDelay(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 6), 2_000) * (0.5 + Math.random() / 2)
}

/** Whether an error states that the server does not have the database of the connection. */
export function isMissingDatabase(error: Error): boolean {
  return isOfSelect(error) && error.message.startsWith('ERR ')
}

/** Whether an error states that the server of a cluster's URL is not in a cluster. */
export function isNoCluster(error: Error & { lastNodeError?: Error }): boolean {
  return /cluster support disabled/.test(`${error.message} ${error.lastNodeError?.message ?? ''}`)
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

class CorkedRedis extends Redis {
  constructor(...args: ConstructorParameters<typeof Redis>) {
    super(...args)
    corkWrites(this)
  }
}

class PatientRedis extends Redis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const [command, pipeline] = args
    return delayRefusal(command, pipeline, super.sendCommand(...args))
  }
}

/** The commands with which a request begins have one time limit together. */
class BriefRedis extends CorkedRedis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    args[0].setTimeout(commandTime())
    return super.sendCommand(...args)
  }
}

const kinds: { [role in Role]?: typeof Redis } = {
  requests: BriefRedis,
  work: CorkedRedis,
  queue: PatientRedis,
}
