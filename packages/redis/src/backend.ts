import type { LonghaulError, ModelRates } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { createKeyStore } from './registry/api-keys.ts'
import { checkForm, checkRedis } from './connection/check-redis.ts'
import { createChildren } from './lifecycle/children.ts'
import {
  connect,
  isMissingDatabase,
  isNoCluster,
  type RedisServer,
  type Role,
} from './connection/connect.ts'
import { apiKeys, shardCount, shardKeys } from './connection/keys.ts'
import { type Consumer, createConsumer } from './queue/consumer.ts'
import { createConversations } from './registry/conversations.ts'
import { createIdempotencyKeys } from './registry/idempotency-keys.ts'
import { claimNamespace, type Installation, isTaken } from './connection/installation.ts'
import { createAdminStore } from './admin/admin-store.ts'
import { createLoadWatch } from './admin/load-watch.ts'
import { createOpenRequests } from './registry/open-requests.ts'
import { createPlanStore } from './registry/plans.ts'
import {
  createAgentRegistry,
  createMcpServerRegistry,
  createToolRegistry,
} from './registry/registry.ts'
import { createReviews } from './lifecycle/reviews.ts'
import { checkShards } from './connection/shard-count.ts'
import { createScheduleStore } from './schedules/schedule-store.ts'
import { createStoreCheck } from './connection/store-check.ts'
import { createStreamCounts } from './admin/stream-counts.ts'
import { createTaskStore } from './lifecycle/task-store.ts'
import { limitRequests } from './connection/request-time.ts'
import { createBulk } from './connection/transfers.ts'
import { createModelBuckets } from './rates/model-buckets.ts'
import { createMaintenance } from './maintenance/maintenance.ts'
import { createTickets } from './queue/tickets.ts'
import { createWake, notifyRegistryChanged } from './queue/wake-signal.ts'
import { createUsageStore } from './usage/usage-store.ts'
import { createUsedLinks } from './registry/used-links.ts'
import { createWatchTokens } from './registry/watch-tokens.ts'
import { createDeliveries } from './webhooks/deliveries.ts'
import { createDeliveryConsumer } from './webhooks/delivery-consumer.ts'
import { createDeliveryQueue } from './webhooks/delivery-queue.ts'
import { createListeners } from './webhooks/listeners.ts'
import { createWebhooks } from './webhooks/webhooks.ts'
import { createWorkspaceEvents } from './webhooks/workspace-events.ts'

export type BackendOptions = {
  server: RedisServer | string
  /**
   * `requests` fails fast while Redis is unavailable. `work` waits, and limits the number of its large transfers
   * itself.
   */
  purpose: 'requests' | 'work'
  shards?: number
  /** The id under which this process sends heartbeats. */
  worker?: string
  /** How much later a turn starts for each step of its priority. All processes must have the same value. */
  ageingMs?: number
  /** Whether new tasks can be found by the words of their first message. */
  search?: boolean
  /** Bytes of the heap of this process. */
  heap?: number
  /** The operator's rates of models. */
  operatorRates?: ModelRates
  onError: (error: Error, role: Role) => void
  /** Called in place of `onError` for a Redis without the database, until a check has passed. */
  onMissingDatabase?: () => void
  /** Called when the URL is that of a cluster and Redis is none, until a check has passed. */
  onNoCluster?: () => void
}

/** The reason why a process must not use its Redis, and the check that failed. */
export type Refusal = { check: 'redis' | 'shards' | 'namespace'; reason: string }

type Check = {
  installation: Installation
  /** Whether Redis must keep what it stores. */
  durable: boolean
}

export type Backend = ReturnType<typeof createBackend>

/** All ports over one Redis, with the connections that they need. */
export function createBackend(options: BackendOptions) {
  const { server, purpose, shards = 1, worker, heap, ageingMs, operatorRates = {} } = options
  const { search = true } = options
  const { onError } = options
  let hasServed = false
  const connectAs = (role: Role): Redis =>
    connect(server, {
      role,
      onError(error) {
        if (!hasServed && isMissingDatabase(error)) options.onMissingDatabase?.()
        if (!hasServed && isNoCluster(error)) options.onNoCluster?.()
        onError(error, role)
      },
    })
  const redis = connectAs(purpose)
  const bulkRedis = connectAs('bulk')
  const bulk = createBulk(bulkRedis, { patient: purpose === 'work' })
  const tickets = createTickets(redis, shards)

  return {
    limitRequests,
    /** The connection for commands, and the connection for large values. */
    connections: { redis, bulk: bulkRedis },
    store: createTaskStore(redis, {
      shards,
      tickets,
      bulk,
      operatorRates,
      search,
      ...(worker !== undefined && { worker }),
      ...(ageingMs !== undefined && { ageingMs }),
    }),
    maintenance: createMaintenance(redis, {
      bulk,
      tickets,
      ...(worker !== undefined && { worker }),
    }),
    registries: {
      agents: createAgentRegistry(redis, { bulk }),
      tools: createToolRegistry(redis, { bulk }),
      servers: createMcpServerRegistry(redis, { bulk }),
    },
    plans: createPlanStore(redis, { bulk, ...(heap !== undefined && { heap }) }),
    buckets: createModelBuckets(redis),
    children: createChildren(redis, {
      bulk,
      tickets,
      operatorRates,
      search,
      ...(ageingMs !== undefined && { ageingMs }),
    }),
    reviews: createReviews(redis, { shards, bulk, tickets }),
    schedules: createScheduleStore(redis, { shards }),
    conversations: createConversations(redis),
    idempotency: createIdempotencyKeys(redis),
    openRequests: createOpenRequests(redis),
    keys: createKeyStore(redis),
    usage: createUsageStore(redis, { shards }),
    usedLinks: createUsedLinks(redis),
    watchTokens: createWatchTokens(redis),
    adminStore: createAdminStore(redis, { shards, tickets }),
    webhooks: createWebhooks(redis, { shards }),
    deliveries: createDeliveries(redis),
    deliveryQueue: createDeliveryQueue(redis, { shards }),
    workspaceEvents: createWorkspaceEvents(redis, {
      listeners: createListeners(redis, { shards }),
    }),

    /** Opens the consumers' side of the queue of deliveries. */
    openDeliveries: (
      deliveryOptions: Omit<Parameters<typeof createDeliveryConsumer>[0], 'redis'>,
    ) => createDeliveryConsumer({ ...deliveryOptions, redis: connectAs('queue') }),

    /** Measures the load, for a process that refuses work when it is too high. */
    watchLoad: (watchOptions: { longerThanMs: number }) =>
      createLoadWatch(redis, { shards, ...watchOptions }),

    /** The open streams of all API processes; `id` is that of this process. */
    streamCounts: (id: string) => createStreamCounts(redis, { id }),

    /** The producers' side of the queue. */
    tickets,

    /** Opens the consumers' side of each shard. `concurrency` applies to all shards together. */
    openConsumers: (
      consumerOptions: Pick<
        Parameters<typeof createConsumer>[0],
        'concurrency' | 'lockMs' | 'run' | 'onError' | 'onLockLost'
      >,
    ): Consumer[] =>
      Array.from({ length: shards }, (_, shard) =>
        createConsumer({
          ...consumerOptions,
          redis: connectAs('queue'),
          shard,
          worker: worker ?? '',
          concurrency: Math.ceil(consumerOptions.concurrency / shards),
        }),
      ),

    /** Starts reading the wake streams. */
    openWake: (wakeOptions: Omit<Parameters<typeof createWake>[0], 'connect' | 'shards'> = {}) =>
      createWake({ ...wakeOptions, connect: () => connectAs('wake'), shards }),

    /** Notifies other processes that a registry has changed. */
    registryChanged: () => notifyRegistryChanged(redis),

    /** Why Redis accepts no writes now; undefined when it does. */
    storeCheck: createStoreCheck(
      redis,
      (failed) => connect(server, { role: 'check', onError: failed }),
      keysOnAllServers(server, shards),
    ) satisfies () => Promise<LonghaulError | undefined>,

    /** Whether a check has passed. */
    hasServed: () => hasServed,

    /**
     * Why this process must not use its Redis; undefined when it may. A process that has not served yet claims the
     * namespace last, after all other checks have passed, and only such a process takes a namespace that was released.
     * Rejects with `unavailable` while Redis cannot answer.
     */
    async check({ installation, durable }: Check): Promise<Refusal | undefined> {
      const checks = {
        redis: async () =>
          (await checkForm(redis)) ?? (durable ? await checkRedis(redis) : undefined),
        shards: () => checkShards(redis, shards),
        namespace: () => claimNamespace(redis, installation, { starting: !hasServed }),
      }
      const order = hasServed ? runningOrder : startingOrder
      for (const check of order) {
        const reason = await checks[check]()
        if (reason !== undefined) return { check, reason }
      }
      hasServed = true
      return undefined
    },

    /** Whether another installation has taken the namespace. */
    isTaken: (installation: Installation) => isTaken(redis, installation),
  }
}

/** A key of each shard, and one of each part that all shards share. A single server has them all. */
function keysOnAllServers(server: RedisServer | string, shards: number): string[] {
  if (typeof server === 'string' || !('cluster' in server)) return [shardCount()]
  const ofShards = Array.from({ length: shards }, (_, shard) => shardKeys(shard).wake)
  return [shardCount(), apiKeys.bootstrap, ...ofShards]
}

const startingOrder = ['redis', 'shards', 'namespace'] as const
/** A running process does not touch the data of another installation. */
const runningOrder = ['redis', 'namespace', 'shards'] as const
