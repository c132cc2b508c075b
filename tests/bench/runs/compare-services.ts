import { type LoadGenerator, startLoadGenerator } from '../load/load.ts'
import { type BenchRedis, startBenchRedis } from '../measure/bench-redis.ts'
import { alternate, type Pair } from '../measure/rounds.ts'
import { type Service, startServices, type WorkerOptions } from '../naive/both-services.ts'

export type Setting = { redis: BenchRedis; load: LoadGenerator; services: Pair<Service> }

/** Starts a Redis, a load generator and both services. Without `worker`, tasks wait. */
export async function startSetting(
  atEnd: (step: () => unknown) => void,
  worker?: WorkerOptions,
): Promise<Setting> {
  const redis = await startBenchRedis()
  atEnd(() => redis.stop())
  const load = await startLoadGenerator()
  atEnd(() => load.stop())
  const services = await startServices({ redis, atEnd, ...(worker && { worker }) })
  return { redis, load, services }
}

type Measure<T> = {
  rounds: number
  progress: (text: string) => void
  measure: (service: Service) => Promise<T>
  /** The figure that the progress shows, and its unit. */
  figure: (round: T) => number
  unit: string
}

/** Measures both services in turn, after one round of each that does not count. */
export async function measureBoth<T>(
  { ours, reference }: Pair<Service>,
  { rounds, progress, measure, figure, unit }: Measure<T>,
): Promise<Pair<T>[]> {
  const sides = { ours: () => measure(ours), reference: () => measure(reference) }
  progress('warming up')
  await sides.ours()
  await sides.reference()
  return await alternate(rounds, sides, (round, pair) => {
    const figures = [pair.ours, pair.reference].map((side) => Math.round(figure(side)))
    progress(`round ${round} of ${rounds}: ${figures.join(' against ')} ${unit}`)
  })
}
