import { LonghaulError } from '@longhaul/core'
import type { Redis } from 'ioredis'

/**
 * The reasons why this Redis must not store tasks, each with its remedy; undefined when it may. They are read from
 * INFO, because managed servers refuse CONFIG. Rejects with `unavailable` for a replica, which may be about to become
 * the primary.
 */
export async function checkRedis(redis: Pick<Redis, 'info'>): Promise<string | undefined> {
  const info = parseInfo(await redis.info())
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
