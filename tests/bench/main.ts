import { parseArgs } from 'node:util'
import { withCleanup, installVersion, stopSignal } from '@longhaul/testbed/servers'
import { accept } from './accept/accept.ts'
import { acceptAgainst } from './accept/accept-against.ts'
import { backlog } from './backlog/backlog.ts'
import { broken } from './bounds.ts'
import { failover } from './failover/failover.ts'
import { dashboard } from './dashboard/dashboard.ts'
import { fairness } from './fairness/fairness.ts'
import type { VersionBench } from './measure/compare-versions.ts'
import { help } from './help.ts'
import { overload } from './overload/overload.ts'
import { peers } from './peers/peers.ts'
import { profile } from './profile/profile.ts'
import { recovery } from './recovery/recovery.ts'
import { type Bench, type Report, saveReport, table } from './report.ts'
import { writePage } from './report-page.ts'
import { background } from './runs/background.ts'
import { memory } from './runs/memory.ts'
import { retrieve } from './runs/retrieve.ts'
import { steps } from './runs/steps.ts'
import { sync } from './runs/sync.ts'
import { scale } from './scale/scale.ts'
import { stream } from './stream/stream.ts'
import { turn } from './turn/turn.ts'
import { turnAgainst } from './turn/turn-against.ts'
import { webhooks } from './webhooks/webhooks.ts'

const benches: Record<string, Bench> = {
  accept,
  retrieve,
  sync,
  background,
  steps,
  memory,
  turn,
  stream,
  recovery,
  profile,
  fairness,
  overload,
  backlog,
  scale,
  failover,
  webhooks,
  help,
  dashboard,
  peers,
}
/** The benches that install something run only when they are named. */
const optional = new Set(['peers', 'dashboard'])
const versionBenches: Record<string, VersionBench> = { accept: acceptAgainst, turn: turnAgainst }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    against: { type: 'string' },
  },
})
const { quick, against } = values
const known = Object.keys(against === undefined ? benches : versionBenches)
const names = positionals.length > 0 ? positionals : known.filter((name) => !optional.has(name))
const unknown = names.filter((name) => !known.includes(name))
const rounds = quick ? 1 : Number(values.rounds ?? (against === undefined ? 9 : 15))
if (positionals.join() === 'report') {
  await fillPage()
} else if (unknown.length > 0) {
  const kind = against === undefined ? 'bench' : 'bench of versions'
  leave(`no ${kind} is named ${unknown.join(', ')}: there are ${known.join(', ')}`)
} else if (!Number.isInteger(rounds) || rounds < 1) {
  leave(`--rounds must be a whole number from 1, but is ${values.rounds}`)
} else if (against !== undefined) {
  await compareWith(against)
} else {
  for (const name of names) {
    const report = await benches[name]?.({ rounds, quick, progress: progressOf(name) })
    if (report !== undefined) await show(name, report)
  }
}

/** Writes the figures of the latest long runs into the docs. */
async function fillPage(): Promise<void> {
  const { page, missing } = await writePage()
  console.log(`the figures are in ${page}`)
  if (missing.length > 0) console.log(`not measured yet: ${missing.join(', ')}`)
}

/** Runs every bench against another version, which it installs first. */
async function compareWith(ref: string): Promise<void> {
  const signal = stopSignal()
  try {
    await withCleanup(async (atEnd) => {
      const installed = await installVersion(ref, { say: progressOf('bench'), signal })
      atEnd(() => installed.remove())
      for (const name of names) {
        const options = { against: installed, rounds, quick, signal, progress: progressOf(name) }
        const report = await versionBenches[name]?.(options)
        if (report !== undefined) await show(name, report)
      }
    })
  } catch (error) {
    if (!signal.aborted) return leave(error instanceof Error ? error.message : String(error))
    console.error('bench: stopped before the end')
    // Parts of an interrupted round may still be running.
    process.exit(130)
  }
}

function progressOf(name: string): (text: string) => void {
  return (text) => console.log(`${name}: ${text}`)
}

async function show(name: string, report: Report): Promise<void> {
  const progress = progressOf(name)
  console.log(`\n${table(name, report)}\n`)
  const file = 'versionRows' in report ? `${name}-against` : name
  progress(`written to ${await saveReport(file, { quick, ...report })}`)
  if (!('bounds' in report)) return
  for (const promise of broken(report)) {
    progress(`BROKEN  ${promise}`)
    // A quick run on a busy machine only shows that the bench runs.
    if (!quick) process.exitCode = 1
  }
}

function leave(problem: string): void {
  console.error(problem)
  process.exitCode = 1
}
