import { withCleanup } from '@longhaul/testbed/servers'
import type { BenchRedis } from '../measure/bench-redis.ts'
import { compare, type Pair } from '../measure/rounds.ts'
import { whenIdle } from '../measure/when-idle.ts'
import { type Service, submitAll } from '../naive/both-services.ts'
import type { Bench } from '../report.ts'
import { until } from '../until.ts'
import { measureBoth, type Setting, startSetting } from './compare-services.ts'

/** The size of an answer. A request has about 1 KB. */
const answerBytes = 2_048

/** Measures the bytes that a task occupies in Redis while it waits and after it has ended, against the naive service. */
export const memory: Bench = async (options) => {
  const waiting = await measure('waiting', options)
  const ended = await measure('ended', options)
  return {
    rows: [
      { what: 'bytes of a waiting task', ...compare(waiting, Number) },
      { what: 'bytes of an ended task', ...compare(ended, Number) },
    ],
    notes: [
      '1 KB in, 2 KB out',
      'to reach: 3,000 bytes waiting, 6,000 ended; to aim at: 2,500 and 4,500',
    ],
  }
}

function measure(
  what: 'waiting' | 'ended',
  { rounds, quick, progress }: Parameters<Bench>[0],
): Promise<Pair<number>[]> {
  return withCleanup(async (atEnd) => {
    const ends = what === 'ended'
    const tasks = quick ? 50 : 2_000
    const setting = await startSetting(atEnd, ends ? { concurrency: 100, answerBytes } : undefined)
    return await measureBoth(setting.services, {
      rounds,
      progress: (text) => progress(`${what}: ${text}`),
      measure: (service) => bytesEach(service, { ...setting, tasks, ends }),
      figure: Number,
      unit: 'bytes a task',
    })
  })
}

type Tools = Setting & { tasks: number; ends: boolean }

async function bytesEach(service: Service, { redis, load, tasks, ends }: Tools): Promise<number> {
  await service.reset()
  await whenIdle(redis)
  const before = await usedMemory(redis)
  const size = { connections: 32, requests: tasks, ms: 60_000 }
  await submitAll(load, service, { ...size, background: true })
  if (ends) await until(async () => (await service.ended()) >= tasks)
  await whenIdle(redis)
  return ((await usedMemory(redis)) - before) / tasks
}

/** The memory of Redis in bytes, without that of its connections and of its append-only file. */
async function usedMemory({ redis }: BenchRedis): Promise<number> {
  const info = await redis.info('memory')
  const bytes = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1])
  return bytes('used_memory') - bytes('mem_clients_normal') - bytes('mem_aof_buffer')
}
