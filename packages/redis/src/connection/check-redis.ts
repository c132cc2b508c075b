import { LonghaulError } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { nameOf, primariesOf } from './primaries.ts'
import { guarded } from './unavailable.ts'

/**
 * The reasons why this Redis must not store tasks, each with its remedy; undefined when it may. They are read from
 * INFO, because managed servers refuse CONFIG. Rejects with `unavailable` for a replica, which may be about to become
 * the primary.
 */
export async function checkRedis(redis: Redis): Promise<string | undefined> {
  const primaries = primariesOf(redis)
  const reasons = await Promise.all(
    primaries.map(async (primary) => {
      const reason = checkInfo(await guarded(() => primary.info()))
      return reason === undefined || primary === redis ? reason : `${nameOf(primary)}: ${reason}`
    }),
  )
  return reasons.find((reason) => reason !== undefined)
}

/**
 * The reason why a connection to a single server does not lead to the whole of a cluster; undefined when it does. A
 * cluster of one node is whole.
 */
export async function checkForm(redis: Redis): Promise<string | undefined> {
  const [primary, ...others] = primariesOf(redis)
  if (primary !== redis || others.length > 0) return undefined
  const info = parseInfo(await guarded(() => redis.info('cluster')))
  if (info.get('cluster_enabled') !== '1') return undefined
  const [size] = /cluster_size:\d+/.exec(await guarded(() => redis.cluster('INFO'))) ?? []
  return size === 'cluster_size:1'
    ? undefined
    : 'REDIS_URL leads to one node of a Redis Cluster: begin it with redis+cluster://, or rediss+cluster:// for TLS'
}

/** The same for the INFO of one server. */
export function checkInfo(text: string): string | undefined {
  const info = parseInfo(text)
  if (info.get('role') === 'slave') {
    const primary = `${info.get('master_host')}:${info.get('master_port')}`
    throw new LonghaulError(
      'unavailable',
      `Redis is a replica of ${primary} and takes no writes: set REDIS_URL to the primary, or wait until this one is it`,
      { reason: 'store_read_only' },
    )
  }
  const problems: string[] = []
  const version = info.get('redis_version') ?? 'unknown'
  if (!(Number.parseInt(version, 10) >= 7)) {
    problems.push(`Redis is version ${version}: 7.0 or newer is needed`)
  }
  const policy = info.get('maxmemory_policy')
  if (policy !== 'noeviction') {
    problems.push(`Redis evicts keys (maxmemory-policy ${policy}): set it to noeviction`)
  }
  if (info.get('aof_enabled') !== '1') {
    problems.push('Redis keeps no append-only file: set appendonly yes, or a restart loses tasks')
  }
  if (problems.length === 0) return undefined
  return `${problems.join('; ')}. LONGHAUL_UNSAFE_REDIS=1 accepts the loss of tasks.`
}

function parseInfo(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf(':')
    return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
  })
  return new Map(pairs)
}
