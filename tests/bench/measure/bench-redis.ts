import { startRedis } from '@longhaul/testbed/servers'
import { Redis } from 'ioredis'
import { cpuTime } from './cpu-time.ts'

/** What a Redis has done so far: commands, including those in scripts; bytes in and out; milliseconds of CPU. */
export type Work = { commands: number; bytesIn: number; bytesOut: number; cpu: number }

export type BenchRedis = Awaited<ReturnType<typeof startBenchRedis>>

/** What the reports of this process say about Redis. */
export const versions: { redis?: string | undefined } = {}

/** A Redis of the bench's own, with the settings that the docs recommend to operators, and its statistics. */
export async function startBenchRedis() {
  // A rewrite of the append-only file in the middle of a round would slow down only that round.
  const server = await startRedis({ flags: ['--auto-aof-rewrite-percentage', '0'] })
  const redis = new Redis(server.url)
  versions.redis = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1]
  return {
    url: server.url,
    pid: server.pid ?? 0,
    redis,
    work: () => workOf(server.pid ?? 0, redis),
    stop: async (): Promise<void> => {
      redis.disconnect()
      await server.stop()
    },
  }
}

/** The totals of a server. */
export async function workOf(pid: number, redis: Redis): Promise<Work> {
  const info = await redis.info('stats')
  const total = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1])
  return {
    commands: total('total_commands_processed'),
    bytesIn: total('total_net_input_bytes'),
    bytesOut: total('total_net_output_bytes'),
    cpu: cpuTime(pid),
  }
}
