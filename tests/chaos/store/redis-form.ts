import { connect, type RedisServer, type Role } from '@longhaul/redis'
import { startRedis, startRedisCluster, startSentinels } from '@longhaul/testbed/servers'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AtEnd } from '../cluster/at-end.ts'

/** A single server, a primary with a replica and three sentinels, or a cluster of three primaries with replicas. */
export const redisForms = ['server', 'sentinel', 'cluster'] as const
export type RedisForm = (typeof redisForms)[number]

export type RedisNode = {
  server: Awaited<ReturnType<typeof startRedis>>
  /** The connection that performs faults on this node. It does not wait while the node is unavailable. */
  redis: Redis
}

/** The Redis of a chaos run. */
export type ChaosRedis = {
  form: RedisForm
  /** As in `REDIS_URL`. */
  url: string
  /** All ports to which processes connect. */
  ports: number[]
  shards: number
  nodes: RedisNode[]
  /** Opens a connection as the product does. */
  connect(role: Role): Redis
  primaries(): Promise<RedisNode[]>
  /** Whether a replica waits before it takes over, until it has been read. */
  holdElection(replica: RedisNode, isHeld: boolean): Promise<void>
  /** Makes a server that was replaced follow its successor. */
  follow(node: RedisNode, primary: RedisNode): Promise<void>
  /** Moves the slot of a key to another primary. */
  moveSlot(key: string, share: number): Promise<void>
}

type Options = { under: string[] }

export async function startRedisForm(
  form: RedisForm,
  options: Options,
  atEnd: AtEnd,
): Promise<ChaosRedis> {
  return await starters[form](options, atEnd)
}

const starters: Record<RedisForm, (options: Options, atEnd: AtEnd) => Promise<ChaosRedis>> = {
  async server({ under }, atEnd) {
    const server = await startRedis({ under })
    atEnd(() => server.stop())
    const node = asNode(server, atEnd)
    return {
      form: 'server',
      url: server.url,
      ports: [server.port],
      shards: 1,
      nodes: [node],
      connect: (role) => connect(server.url, { role, onError: () => {} }),
      primaries: () => Promise.resolve([node]),
      holdElection: none,
      follow: none,
      moveSlot: none,
    }
  },

  async sentinel({ under }, atEnd) {
    const started = await startSentinels({ under, downAfterMs: 3_000 })
    atEnd(() => started.stop())
    const nodes = started.servers.map((server) => asNode(server, atEnd))
    const sentinels = started.ports.map(onThisMachine)
    return {
      form: 'sentinel',
      url: started.url,
      ports: [...started.ports, ...nodes.map(portOf)],
      shards: 1,
      nodes,
      connect: (role) => open({ sentinels, name: 'main', db: 0, tls: false }, role),
      async primaries() {
        const port = await started.primaryPort()
        return nodes.filter((node) => portOf(node) === port)
      },
      // The sentinels wait three seconds.
      holdElection: none,
      async follow({ redis }, primary) {
        await redis.replicaof('127.0.0.1', portOf(primary))
      },
      moveSlot: none,
    }
  },

  async cluster({ under }, atEnd) {
    const started = await startRedisCluster({ replicas: 1, under })
    atEnd(() => started.stop())
    const nodes = started.nodes.map(({ server }) => asNode(server, atEnd))
    const addresses = nodes.map((node) => onThisMachine(portOf(node)))
    const primaries = () => nodesThatLead(nodes)
    return {
      form: 'cluster',
      url: started.url,
      ports: nodes.map(portOf),
      shards: 3,
      nodes,
      connect: (role) => open({ cluster: addresses, db: 0, tls: false }, role),
      primaries,
      async holdElection({ redis }, isHeld) {
        await redis.config('SET', 'cluster-replica-no-failover', isHeld ? 'yes' : 'no')
      },
      follow: none,
      async moveSlot(key, share) {
        const leading = new Set((await primaries()).map(portOf))
        const from = await started.primaryOf(key)
        const others = started.nodes.filter(
          ({ id, server }) => id !== from.id && leading.has(server.port),
        )
        const to = others[Math.floor(share * others.length)]
        if (to !== undefined) await started.moveSlot(key, to)
      },
    }
  },
}

async function none(): Promise<void> {}

function onThisMachine(port: number) {
  return { host: '127.0.0.1', port }
}

function portOf({ server }: RedisNode): number {
  return server.port
}

function open(server: RedisServer, role: Role): Redis {
  return connect(server, { role, onError: () => {} })
}

function asNode(server: RedisNode['server'], atEnd: AtEnd): RedisNode {
  const redis = new Redis(server.url, {
    maxRetriesPerRequest: 0,
    commandTimeout: 2_000,
    retryStrategy: () => 50,
  })
  redis.on('error', () => {})
  atEnd(() => redis.disconnect())
  return { server, redis }
}

async function nodesThatLead(nodes: RedisNode[]): Promise<RedisNode[]> {
  const roles = await Promise.all(nodes.map(roleOf))
  return nodes.filter((_, place) => roles[place]?.[0] === 'master')
}

/** The reply to ROLE: `master`, or `slave` with the host and the port of its primary. Undefined without an answer. */
export async function roleOf({ redis }: RedisNode): Promise<unknown[] | undefined> {
  return await redis.role().catch(() => undefined)
}

/** The replica of a primary, if it has one that is in step with it. */
export async function replicaOf(
  { nodes }: ChaosRedis,
  of: RedisNode,
): Promise<RedisNode | undefined> {
  for (const node of nodes) {
    const [role, , port, state] = (await roleOf(node)) ?? []
    if (role === 'slave' && port === portOf(of) && state === 'connected') return node
  }
  return undefined
}

/** Waits until all nodes serve, each primary of a form with replicas has one, and a cluster serves all slots. */
export async function untilWhole(store: ChaosRedis, limitMs = 30_000): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(50)) {
    if (await isWhole(store)) return
  }
  throw new Error(`Redis was not whole after ${limitMs} ms`)
}

async function isWhole(store: ChaosRedis): Promise<boolean> {
  const primaries = await store.primaries()
  if (primaries.length !== store.shards) return false
  for (const primary of primaries) {
    if ((await roleOf(primary))?.[0] !== 'master') return false
    if (store.form !== 'server' && (await replicaOf(store, primary)) === undefined) return false
  }
  if (store.form !== 'cluster') return true
  const states = store.nodes.map(({ redis }) => redis.cluster('INFO').catch(String))
  return (await Promise.all(states)).every((info) => info.includes('cluster_state:ok'))
}
