import {
  Cluster,
  type ClusterOptions,
  type DNSLookupFunction,
  type Redis,
  type RedisOptions,
} from 'ioredis'
import { limits } from '@longhaul/core'
import type { Role } from './keys.ts'
import { commandTime } from './request-time.ts'
import { corkWrites, delayRefusal } from './send-command.ts'

type NodeOptions = Omit<RedisOptions, 'replyMapping' | 'himportFieldsets'>

type Options = {
  role: Role
  nodes: { host: string; port: number }[]
  /** The options of the connection to each node. */
  node: NodeOptions
  onError: (error: Error) => void
}

/**
 * Opens the connections of one role to a Redis Cluster. Each command goes to the primary of its slot, and follows the
 * slot when that has moved. A lost connection to a node is not restored: the command then asks other nodes where its
 * slot is now.
 */
export function connectCluster({ role, nodes, node, onError }: Options): Redis {
  const {
    enableOfflineQueue = true,
    lazyConnect = false,
    enableReadyCheck = true,
    retryStrategy = () => null,
    ...rest
  } = node
  const options = {
    enableOfflineQueue,
    lazyConnect,
    enableReadyCheck,
    redisOptions: rest,
    dnsLookup,
    slotsRefreshTimeout: limits.redis.connect,
    slotsRefreshInterval: 10_000,
    clusterRetryStrategy: retryStrategy,
    ...patience[role],
  }
  const cluster = new kinds[role](nodes, options)
  cluster.on('error', onError)
  cluster.on('node error', onError)
  if (role === 'requests' || role === 'work') cluster.on('+node', corkWrites)
  return asRedis(cluster)
}

/** Keeps names: a certificate is valid for the name of a host, and not for its address. */
const dnsLookup: DNSLookupFunction = (host, found) => found(null, host)

/** A cluster has the same commands. ioredis has another type for it, because some options differ. */
function asRedis(cluster: Cluster): Redis {
  return cluster as unknown as Redis
}

/** How often a command is sent again because its node has no connection, or does not serve its slot. */
const waiting = { maxRedirections: Infinity }
/** Every 100 ms, so the caller has an answer within two seconds. */
const briefly = { maxRedirections: 16 }
const hardly = { maxRedirections: 3, retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 }
const patience: Record<Role, Pick<ClusterOptions, keyof typeof hardly>> = {
  requests: briefly,
  bulk: briefly,
  work: waiting,
  queue: waiting,
  // The reader catches up after each lost connection.
  wake: hardly,
  check: hardly,
}

/** How long a command waits before it is sent again, milliseconds. */
const resendDelayMs = 100

/** Keeps a command that has lost its connection until there is another one, also when no node can be reached. */
class WaitingCluster extends Cluster {
  override handleError(...args: Parameters<Cluster['handleError']>): void {
    const [error, , handlers] = args
    const isKept = this.options.enableOfflineQueue && this.options.maxRedirections === Infinity
    if (isKept && error.message === 'Connection is closed.' && this.status !== 'ready') {
      // Not at once: a connection that has ended refuses it at once, too.
      setTimeout(() => handlers.connectionClosed?.(), resendDelayMs)
    } else {
      super.handleError(...args)
    }
  }
}

/** A command has one time limit over all nodes that it is sent to. A node alone would begin the time anew. */
class BriefCluster extends Cluster {
  override sendCommand(...args: Parameters<Cluster['sendCommand']>): unknown {
    args[0].setTimeout(commandTime())
    return super.sendCommand(...args)
  }
}

class PatientCluster extends WaitingCluster {
  override sendCommand(...args: Parameters<Cluster['sendCommand']>): unknown {
    const [command, pipeline] = args
    return delayRefusal(command, pipeline, super.sendCommand(...args))
  }
}

const kinds = {
  requests: BriefCluster,
  bulk: WaitingCluster,
  work: WaitingCluster,
  queue: PatientCluster,
  wake: WaitingCluster,
  check: BriefCluster,
} satisfies Record<Role, unknown>
