import { Cluster, Redis } from 'ioredis'

/** A client of a Redis of any form, by the URL that the processes get. */
export function openRedis(url: string): Redis {
  const [, form, hosts = '', name] =
    /^redis\+(cluster|sentinel):\/\/([^/]+)\/?(.*)$/.exec(url) ?? []
  const nodes = hosts.split(',').map((each) => new URL(`redis://${each}`))
  const addresses = nodes.map(({ hostname, port }) => ({ host: hostname, port: Number(port) }))
  // A cluster has the same commands. ioredis has another type for it, because some options differ.
  if (form === 'cluster') return new Cluster(addresses) as unknown as Redis
  if (form === 'sentinel') return new Redis({ sentinels: addresses, name: name ?? '' })
  return new Redis(url, { maxRetriesPerRequest: 1 })
}

/** Deletes everything, also in each part of a cluster. */
export async function flush(redis: Redis): Promise<void> {
  await Promise.all((await primariesOf(redis)).map((each) => each.flushdb()))
}

/** The keys of a pattern, in each part of a cluster. */
export async function keysOf(redis: Redis, pattern: string): Promise<string[]> {
  const found = (await primariesOf(redis)).map((each) => each.keys(pattern))
  return (await Promise.all(found)).flat()
}

/** The connections to all primaries. */
export async function primariesOf(redis: unknown): Promise<Redis[]> {
  if (!(redis instanceof Cluster)) return [redis as Redis]
  // Its nodes are known once it has answered.
  await redis.ping()
  return redis.nodes('master')
}
