import { startSentinels } from './redis-sentinels.ts'
import { startRedisCluster } from './redis-cluster.ts'

/** The form of the Redis that shared clusters and the `redisUrl` fixture use: `TEST_REDIS_FORM`, or one server. */
export const redisForm = formOf(process.env['TEST_REDIS_FORM'])

/** What the keys of each shard begin with: a new installation has a shard for each primary. */
export const shardTags =
  redisForm === 'cluster' ? ['{lh:s0}:', '{lh:s1}:', '{lh:s2}:'] : ['{lh:s0}:']

/** Starts an empty Redis of this form: three primaries, or a primary behind three sentinels, with replicas. */
export async function startForm(form: 'cluster' | 'sentinel') {
  return form === 'cluster'
    ? await startRedisCluster({ primaries: 3, replicas: 1 })
    : await startSentinels({ replicas: 1 })
}

function formOf(name: string | undefined): 'server' | 'cluster' | 'sentinel' {
  if (name === undefined || name === '') return 'server'
  if (name === 'server' || name === 'cluster' || name === 'sentinel') return name
  throw new Error(`TEST_REDIS_FORM must be server, cluster or sentinel, and is ${name}`)
}
