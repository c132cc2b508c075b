import { type Installation, type InstalledVersion, orAborted } from '@longhaul/testbed/servers'
import { medianInterval } from './median-interval.ts'
import type { VersionReport, VersionRow } from '../report.ts'
import { alternate, median, type Pair } from './rounds.ts'

export type VersionOptions = {
  against: InstalledVersion
  rounds: number
  /** Short rounds, which only show that the bench runs. */
  quick: boolean
  signal: AbortSignal
  progress: (text: string) => void
}

export type VersionBench = (options: VersionOptions) => Promise<VersionReport>

type Comparable<T> = {
  /** The figure that the progress shows. */
  unit: string
  /** Runs one round of a version; of this one by default. */
  round: (installation?: Installation) => Promise<T>
  figures: Record<string, (round: T) => number>
}

/** Alternates rounds of this version and the other one, and compares their figures round by round. */
export async function compareVersions<T>(
  { against, rounds, signal, progress }: VersionOptions,
  { unit, round, figures }: Comparable<T>,
): Promise<VersionReport> {
  const sides = {
    ours: () => orAborted(round(), signal),
    reference: () => orAborted(round(against), signal),
  }
  const shown = figures[unit]
  const pairs = await alternate(rounds, sides, (number, { ours, reference }) => {
    const both = [ours, reference].map((each) => Math.round(shown?.(each) ?? Number.NaN))
    progress(`round ${number} of ${rounds}: ${both.join(` against ${against.ref}'s `)} ${unit}`)
  })
  const versionRows = Object.entries(figures).map(([what, figure]) => rowOf(what, pairs, figure))
  const confidence = versionRows[0]?.ratio.confidence ?? 0
  return {
    against: { ref: against.ref, commit: against.commit },
    rounds,
    versionRows,
    notes:
      confidence >= 0.95
        ? [`${rounds} rounds; the interval is that of the median ratio (order statistics)`]
        : [`too few rounds for 95 %: the interval has ${(100 * confidence).toFixed(0)} %`],
  }
}

function rowOf<T>(what: string, pairs: Pair<T>[], figure: (round: T) => number): VersionRow {
  const figures = pairs.map((pair) => ({
    ours: figure(pair.ours),
    reference: figure(pair.reference),
  }))
  return {
    what,
    ours: median(figures.map(({ ours }) => ours)),
    reference: median(figures.map(({ reference }) => reference)),
    ratio: medianInterval(figures.map(({ ours, reference }) => ours / reference)),
  }
}
