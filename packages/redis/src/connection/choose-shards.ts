import { shardCount } from './keys.ts'
import { connect, type RedisServer } from './connect.ts'
import { primariesOf } from './primaries.ts'

/** The largest number of shards that a process can have. */
const most = 32

type Options = {
  /** The number of the configuration. */
  configured: number | undefined
  onError: (error: Error) => void
}

/**
 * The number of shards of a process. Without one in the configuration, it is the number with which the cluster is used;
 * for a new one, the number of its primaries. Another number of primaries later does not change it. Waits until a
 * cluster can be asked.
 */
export async function chooseShards(
  server: RedisServer,
  { configured, onError }: Options,
): Promise<number> {
  if (configured !== undefined) return configured
  if (!('cluster' in server)) return 1
  const redis = connect(server, { role: 'work', onError })
  try {
    const known = Number(await redis.get(shardCount()))
    return known > 0 ? known : Math.min(primariesOf(redis).length, most)
  } finally {
    redis.disconnect()
  }
}
