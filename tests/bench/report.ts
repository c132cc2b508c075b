import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { boundLines, type Bounds } from './bounds.ts'
import { drawTable } from '@longhaul/testbed/servers'
import { versions } from './measure/bench-redis.ts'
import type { MedianInterval } from './measure/median-interval.ts'
import type { Comparison, Pair } from './measure/rounds.ts'

export type Bench = (options: {
  rounds: number
  /** One short round, which only shows that the bench runs. */
  quick: boolean
  progress: (text: string) => void
}) => Promise<Report>

export type Report = { rows: Row[]; notes: string[] } | VersionReport | Bounds | Shares

/** Where CPU time goes: `each` in microseconds, and the share of all time at that place. */
export type Shares = { shares: Share[]; notes: string[] }
export type Share = { where: string; what: string; each: number; share: number }

/** The figures of this version and of another one. */
export type VersionReport = {
  against: { ref: string; commit: string }
  rounds: number
  versionRows: VersionRow[]
  notes: string[]
}

/** The medians of a figure, and of its ratio within each round. */
export type VersionRow = Pair<number> & { what: string; ratio: MedianInterval }

/** Our figure and the reference's, with the required ratio and the target ratio. */
export type Row = Comparison & { what: string; goal?: { reach: number; aim: number } }

/** The report as a table. */
export function table(name: string, report: Report): string {
  return [...drawTable(linesOf(name, report)), ...report.notes.map((note) => `  ${note}`)].join(
    '\n',
  )
}

function linesOf(name: string, report: Report): string[][] {
  if ('versionRows' in report) return versionLines(name, report)
  if ('shares' in report) return shareLines(name, report.shares)
  return 'rows' in report ? ratioLines(name, report.rows) : boundLines(name, report.bounds)
}

function versionLines(name: string, { against, versionRows }: VersionReport): string[][] {
  const head = [name, 'ours', against.ref, 'ratio', '95 % interval']
  const cells = versionRows.map(({ what, ours, reference, ratio }) => [
    what,
    figure(ours),
    figure(reference),
    ratio.median.toFixed(3),
    `${ratio.low.toFixed(3)} – ${ratio.high.toFixed(3)}`,
  ])
  return [head, ...cells]
}

function shareLines(name: string, shares: Share[]): string[][] {
  const places = Map.groupBy(shares, ({ where }) => where)
  const lines = [...places].flatMap(([where, parts]) => {
    const all = parts.reduce((sum, { each }) => sum + each, 0)
    return [
      [where, figure(all), ''],
      ...parts.map(({ what, each, share }) => [
        `  ${what}`,
        figure(each),
        `${Math.round(share * 100)} %`,
      ]),
    ]
  })
  return [[name, 'µs each', 'share'], ...lines]
}

/** The medians, with the ratio last. */
function ratioLines(name: string, rows: Row[]): string[][] {
  const head = [name, 'ours', 'reference', 'ratio', 'least – most', 'to reach', 'to aim at']
  const cells = rows.map(({ what, ours, reference, ratio, goal }) => [
    what,
    figure(ours),
    figure(reference),
    ratio.median.toFixed(2),
    `${ratio.least.toFixed(2)} – ${ratio.most.toFixed(2)}`,
    goal === undefined ? '' : String(goal.reach),
    goal === undefined ? '' : String(goal.aim),
  ])
  return [head, ...cells]
}

/**
 * Writes the report as JSON with a description of the machine, and returns the file's name. Never replaces the report of
 * a longer run.
 */
export async function saveReport(name: string, report: Report & { quick: boolean }) {
  const file = `.data/bench/${name}${report.quick ? '.quick' : ''}.json`
  const machine = {
    node: process.version,
    ...versions,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? '',
    memory: totalmem(),
    load: loadavg(),
  }
  await mkdir('.data/bench', { recursive: true })
  await writeFile(file, `${JSON.stringify({ at: new Date(), machine, ...report }, null, 2)}\n`)
  return file
}

/** A figure with three digits. */
export function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}
