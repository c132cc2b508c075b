import { memoryBounds, standstillMs } from './bounds.ts'
import type { NeighbourRecord } from './neighbour-record.ts'

/** The observations of one variant of an attack. */
export type Evidence = {
  /** Problems in what alpha saw. */
  wrong: string[]
  neighbours: NeighbourRecord | undefined
  lostLeases: number
  /** Processes that ended by themselves. */
  dead: string[]
  /** The peak memory of each process, in bytes. */
  peaks: Record<string, number>
}

/** The reasons for which an attack has succeeded; empty if it was withstood. */
export function checkResult({ wrong, neighbours, lostLeases, dead, peaks }: Evidence): string[] {
  const aboveBounds = Object.entries(peaks).flatMap(([name, bytes]) => {
    const most = memoryBounds[name.startsWith('api') ? 'api' : 'worker']
    return bytes > most ? [`${name} held ${inMegabytes(bytes)} of memory`] : []
  })
  return [
    ...dead.map((name) => `${name} died`),
    ...aboveBounds,
    ...(neighbours === undefined ? [] : harmDone(neighbours)),
    ...(lostLeases > 0 ? [`${lostLeases} leases of beta were lost`] : []),
    ...wrong,
  ]
}

function harmDone(record: NeighbourRecord): string[] {
  const { failed, failures, unfinished, repeatedCalls, worstHealth } = record
  return [
    ...Object.entries(worstHealth).flatMap(([name, ms]) =>
      ms > standstillMs ? [`${name} stood still for ${Math.round(ms)} ms`] : [],
    ),
    ...(failed > 0 ? [`${failed} requests of beta failed: ${failures[0]}`] : []),
    ...(unfinished > 0 ? [`${unfinished} turns of beta did not end`] : []),
    ...(repeatedCalls > 0 ? [`${repeatedCalls} model calls of beta were repeated`] : []),
  ]
}

export function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}
