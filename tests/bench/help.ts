import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bench } from './report.ts'

const program = fileURLToPath(new URL('../../apps/cli/bin/longhaul.mjs', import.meta.url))

/** Measures the CPU time of `longhaul --help`, compared with that of a Node that does nothing. */
export const help: Bench = async ({ rounds, quick, progress }) => {
  progress('help')
  // The first run fills the cache of compiled code.
  await cpuMsOf([program, '--help'])
  const ratios: number[] = []
  const times = { ours: [] as number[], nothing: [] as number[] }
  for (let round = 0; round < (quick ? 1 : rounds * 3); round += 1) {
    const nothing = await cpuMsOf(['-e', '0'])
    const ours = await cpuMsOf([program, '--help'])
    times.nothing.push(nothing)
    times.ours.push(ours)
    ratios.push(ours / nothing)
  }
  return {
    bounds: [
      {
        what: 'CPU time of --help, compared with node -e 0',
        values: ratios,
        share: 0.5,
        atMost: 2,
      },
    ],
    faults: [],
    notes: [`medians: ${medianOf(times.ours)} ms and ${medianOf(times.nothing)} ms of CPU time`],
  }
}

const report = `process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  process.stderr.write('cpu=' + (user + system))
})`

/** The CPU time of a run of Node at its exit, in milliseconds. */
async function cpuMsOf(words: string[]): Promise<number> {
  const preload = `data:text/javascript,${encodeURIComponent(report)}`
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', preload, ...words])
  return Number(/cpu=(\d+)/.exec(stderr)?.[1]) / 1_000
}

function medianOf(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(0)
}
