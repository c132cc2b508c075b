import { bucketEnd, bucketStart, type Grain, grains } from './grains.ts'
import type { EndedTurn } from './ended-turn.ts'
import { percentileOf, timeBucketOf } from './time-histogram.ts'

/** By what usage can be divided. Minutes are not divided. */
export const usageGroups = ['agent', 'model', 'identity'] as const
export type UsageGroup = (typeof usageGroups)[number]

/** The names of the counts of a bucket as they are stored. */
const countNames = ['requests', 'errors', 'cancelled', 'input', 'output', 'cached'] as const
type CountName = (typeof countNames)[number]

export type UsageCounts = Record<CountName, number> & {
  /** Times in milliseconds by bucket of `time-histogram.ts`: until the first worker had a turn, and until its end. */
  waits: Map<number, number>
  durations: Map<number, number>
}

export function noUsage(): UsageCounts {
  const counts = { requests: 0, errors: 0, cancelled: 0, input: 0, output: 0, cached: 0 }
  return { ...counts, waits: new Map(), durations: new Map() }
}

/** A bucket of a workspace. With `by`, its counts are those of each agent, model or identity. */
export type UsageBucket = { workspace: string; grain: Grain; start: number; by?: UsageGroup }

/** What is added to a bucket. Without `by` in the bucket, `value` is ''. */
export type UsageIncrement = {
  bucket: UsageBucket
  keptUntil: number
  value: string
  /** By stored name. */
  counts: Map<string, number>
}

/** What some ended turns add to the buckets of their workspaces. */
export function usageIncrements(turns: readonly EndedTurn[]): UsageIncrement[] {
  const all = new Map<string, UsageIncrement>()
  for (const turn of turns) {
    for (const grain of grains) {
      const start = bucketStart(grain, turn.at)
      const bucket = { workspace: turn.workspace, grain, start }
      for (const { by, value, counts } of partsOf(turn, grain)) {
        const id = [turn.workspace, grain, start, by ?? '', value].join(' ')
        const known = all.get(id) ?? {
          bucket: by === undefined ? bucket : { ...bucket, by },
          keptUntil: bucketEnd(grain, start),
          value,
          counts: new Map<string, number>(),
        }
        all.set(id, known)
        for (const [name, count] of counts) {
          known.counts.set(name, (known.counts.get(name) ?? 0) + count)
        }
      }
    }
  }
  return [...all.values()]
}

type Part = { by?: UsageGroup; value: string; counts: [string, number][] }

function partsOf(turn: EndedTurn, grain: Grain): Part[] {
  const { models, from, waited, at } = turn
  const outcome = outcomeOf(turn)
  const tokens = models.map(([, ...each]) => tokensOf(each))
  const whole: Part = {
    value: '',
    counts: [
      ...outcome,
      ...tokens.flat(),
      ...(waited === undefined ? [] : [[`w${timeBucketOf(waited)}`, 1] as [string, number]]),
      ...(from === undefined ? [] : [[`d${timeBucketOf(at - from)}`, 1] as [string, number]]),
    ],
  }
  if (grain === 'minute') return [whole]
  const used = [...outcome, ...tokens.flat()]
  return [
    whole,
    { by: 'agent', value: turn.agentId, counts: used },
    ...models.map(([model], index): Part => {
      // The last model has answered.
      const counts = index === models.length - 1 ? outcome : []
      return { by: 'model', value: model, counts: [...counts, ...(tokens[index] ?? [])] }
    }),
    ...(turn.identity === undefined
      ? []
      : [{ by: 'identity' as const, value: turn.identity, counts: used }]),
  ]
}

function outcomeOf({ status }: EndedTurn): [CountName, number][] {
  return [
    ['requests', 1],
    ...(status === 'failed' ? [['errors', 1] as [CountName, number]] : []),
    ...(status === 'cancelled' ? [['cancelled', 1] as [CountName, number]] : []),
  ]
}

function tokensOf([input, output, cached]: [number, number, number]): [CountName, number][] {
  const counts: [CountName, number][] = [
    ['input', input],
    ['output', output],
    ['cached', cached],
  ]
  return counts.filter(([, count]) => count > 0)
}

/** The counts of one value of a group, as one text. A new count comes at the end. */
export function countsText(counts: ReadonlyMap<string, number>): string {
  return countNames.map((name) => counts.get(name) ?? 0).join(' ')
}

/** Adds the counts of such a text. */
export function addCountsText(to: UsageCounts, text: string): void {
  const numbers = text.split(' ').map(Number)
  for (const [at, name] of countNames.entries()) to[name] += numbers[at] ?? 0
}

/** Adds a stored count to the others of its bucket. Names of a newer version are left out. */
export function addStoredCount(counts: UsageCounts, name: string, count: number): void {
  const known = countNames.find((each) => each === name)
  if (known !== undefined) counts[known] += count
  const [, kind, bucket] = /^([wd])(\d+)$/.exec(name) ?? []
  if (bucket === undefined) return
  const times = kind === 'w' ? counts.waits : counts.durations
  times.set(Number(bucket), (times.get(Number(bucket)) ?? 0) + count)
}

export function addUsageCounts(to: UsageCounts, more: UsageCounts): void {
  for (const name of countNames) to[name] += more[name]
  for (const kind of ['waits', 'durations'] as const) {
    for (const [bucket, count] of more[kind]) {
      to[kind].set(bucket, (to[kind].get(bucket) ?? 0) + count)
    }
  }
}

/** The median and the 95th percentile of some times, milliseconds; undefined without times. */
export function spread(
  times: ReadonlyMap<number, number>,
): { p50: number; p95: number } | undefined {
  const [p50, p95] = [percentileOf(times, 0.5), percentileOf(times, 0.95)]
  return p50 === undefined || p95 === undefined ? undefined : { p50, p95 }
}
