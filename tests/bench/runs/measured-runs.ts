import type { LoadGenerator } from '../load/load.ts'
import type { BenchRedis } from '../measure/bench-redis.ts'
import { measureRedis, type RedisWork } from '../measure/redis-work.ts'
import { submitAll, type Service, type Size } from '../naive/both-services.ts'
import { until } from '../until.ts'

/** The figures of a round; all but the first are per run: CPU in microseconds, commands and bytes of Redis. */
export type RunsRound = RedisWork & { perSecond: number; apiCpu: number; workerCpu: number }

type Tools = { redis: BenchRedis; load: LoadGenerator }
type Runs = Omit<Size, 'ms'> & { steps?: number }

/** Submits runs in the background, and measures until the last one has ended. */
export async function measureRuns(
  service: Service,
  runs: Runs,
  { redis, load }: Tools,
): Promise<RunsRound> {
  await service.reset()
  const workOfRedis = await measureRedis(redis)
  const before = service.cpu()
  const startedAt = performance.now()
  await submitAll(load, service, { ...runs, background: true, ms: 60_000 })
  await until(async () => (await service.ended()) >= runs.requests, 25)
  const ms = performance.now() - startedAt
  const after = service.cpu()
  const each = (total: number) => total / runs.requests
  return {
    perSecond: (runs.requests * 1_000) / ms,
    apiCpu: each((after.api - before.api) * 1_000),
    workerCpu: each((after.worker - before.worker) * 1_000),
    ...(await workOfRedis(runs.requests)),
  }
}
