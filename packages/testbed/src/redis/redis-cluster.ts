import { freePort } from '@longhaul/provision'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { tlsFlags } from './certificate-server.ts'
import { startRedis } from './redis-server.ts'

const slotCount = 16_384

type Server = Awaited<ReturnType<typeof startRedis>>

export type ClusterNode = { server: Server; redis: Redis; id: string }

type Options = {
  primaries?: number
  /** The number of replicas of each primary. */
  replicas?: number
  flags?: string[]
  /** Words before the command of each server. */
  under?: string[]
  /** Whether nodes and the clients of `url` use TLS and show certificates. */
  tls?: boolean
}

export type RedisCluster = Awaited<ReturnType<typeof startRedisCluster>>

/** A Redis Cluster of a test's own, whose slots are divided equally among its primaries. */
export async function startRedisCluster(options: Options = {}) {
  const { primaries = 3, replicas = 0 } = options
  const count = primaries * (1 + replicas)
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(options)))
  const [first, ...others] = nodes
  if (first === undefined) throw new Error('a cluster needs a node')
  const stop = async () => {
    for (const { redis } of nodes) redis.disconnect()
    await Promise.all(nodes.map(({ server }) => server.stop()))
  }
  try {
    for (const [at, { redis }] of nodes.entries()) await redis.cluster('SET-CONFIG-EPOCH', at + 1)
    for (const { server, busPort } of others) {
      await first.redis.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort)
    }
    const own = nodes.slice(0, primaries)
    for (const [at, { redis }] of own.entries()) {
      const [from, next] = [at, at + 1].map((part) => Math.round((part * slotCount) / primaries))
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (next ?? 0) - 1)
    }
    await untilAll(nodes, (info) => info.includes(`cluster_known_nodes:${count}\r`))
    for (const [at, { redis }] of nodes.slice(primaries).entries()) {
      await replicate(redis, own[at % primaries]?.id ?? '')
    }
    await untilAll(nodes, (info) => info.includes('cluster_state:ok'))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `redis+cluster://${nodes.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(',')}`,
    nodes,
    /** The primary of a key now. */
    primaryOf: (key: string) => primaryOf(nodes, key),
    /** Moves the slot of a key, with all its keys, as `redis-cli --cluster reshard` does. */
    moveSlot: (key: string, to: ClusterNode) => moveSlot(nodes, { key, to }),
    stop,
  }
}

async function startNode({ flags = [], under = [], tls = false }: Options) {
  // The usual port of the bus, 10,000 above that of clients, may not exist.
  const busPort = (await freePort()) ?? 0
  const own = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)]
  const times = ['--cluster-node-timeout', '2000', '--shutdown-timeout', '0']
  const copying = ['--repl-diskless-sync-delay', '0']
  const secure = tls ? await tlsFlags() : { flags: [], tlsPort: 0 }
  // Otherwise nodes announce their ports without TLS to all clients.
  if (tls) secure.flags.push('--tls-cluster', 'yes')
  const all = [...own, ...times, ...copying, ...secure.flags, ...flags]
  const server = await startRedis({ flags: all, under })
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  const clientPort = tls ? secure.tlsPort : server.port
  return { server, redis, busPort, clientPort, id: await redis.cluster('MYID') }
}

async function replicate(redis: Redis, id: string): Promise<void> {
  for (;;) {
    try {
      await redis.cluster('REPLICATE', id)
      return
    } catch (error) {
      // The node does not know the other one yet.
      if (!/Unknown node/.test(String(error))) throw error
      await sleep(20)
    }
  }
}

async function untilAll(nodes: ClusterNode[], holds: (info: string) => boolean): Promise<void> {
  for (const { redis } of nodes) {
    while (!holds(await redis.cluster('INFO'))) await sleep(20)
  }
}

async function primaryOf(nodes: ClusterNode[], key: string): Promise<ClusterNode> {
  for (const node of nodes) {
    if (node.redis.status !== 'ready') continue
    const reply = await node.redis.exists(key).catch(String)
    if (typeof reply === 'number' && String(await node.redis.role()).startsWith('master'))
      return node
  }
  throw new Error(`no primary serves ${key}`)
}

async function moveSlot(nodes: ClusterNode[], { key, to }: { key: string; to: ClusterNode }) {
  const from = await primaryOf(nodes, key)
  const slot = await from.redis.cluster('KEYSLOT', key)
  await to.redis.cluster('SETSLOT', slot, 'IMPORTING', from.id)
  await from.redis.cluster('SETSLOT', slot, 'MIGRATING', to.id)
  for (;;) {
    const keys = await from.redis.cluster('GETKEYSINSLOT', slot, 10)
    if (keys.length === 0) break
    const { port } = to.server
    await from.redis.call('MIGRATE', '127.0.0.1', port, '', 0, 10_000, 'KEYS', ...keys)
  }
  for (const { redis } of [to, from]) await redis.cluster('SETSLOT', slot, 'NODE', to.id)
}
