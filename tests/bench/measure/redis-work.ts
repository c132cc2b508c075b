import type { Row } from '../report.ts'
import type { BenchRedis } from './bench-redis.ts'
import { compare, type Pair } from './rounds.ts'

/** What Redis did for one unit of work: microseconds of CPU, commands, and bytes in and out. */
export type RedisWork = { redisCpu: number; commands: number; bytes: number }

/** Begins a measurement. The returned function gives what Redis did since, for each of `count` units. */
export async function measureRedis(
  redis: Pick<BenchRedis, 'work'>,
): Promise<(count: number) => Promise<RedisWork>> {
  const before = await redis.work()
  return async (count) => {
    const after = await redis.work()
    return {
      redisCpu: ((after.cpu - before.cpu) * 1_000) / count,
      commands: (after.commands - before.commands) / count,
      bytes: (after.bytesIn + after.bytesOut - before.bytesIn - before.bytesOut) / count,
    }
  }
}

/** The rows of Redis in a table. */
export function redisRows<T extends RedisWork>(
  pairs: Pair<T>[],
  { prefix = '', unit = 'each', goal }: { prefix?: string; unit?: string; goal?: Row['goal'] } = {},
): Row[] {
  return [
    {
      what: `${prefix}CPU of Redis, µs ${unit}`,
      ...compare(pairs, ({ redisCpu }) => redisCpu),
      ...(goal && { goal }),
    },
    { what: `${prefix}Redis commands ${unit}`, ...compare(pairs, ({ commands }) => commands) },
    { what: `${prefix}bytes from and to Redis ${unit}`, ...compare(pairs, ({ bytes }) => bytes) },
  ]
}
