import { drawTable } from '@longhaul/testbed/servers'
import { inMegabytes } from './judge.ts'
import type { Result } from './run.ts'

/** What was found, as a table for people. Times are the worst, in milliseconds. */
export function table(results: Result[]): string {
  const head = ['attack', 'outcome', 'beta failed', 'repeated', 'lost', 'request', 'turn']
  const processes = Object.keys(results[0]?.peaks ?? {})
  const columns = processes.flatMap((name) => [`${name} healthz`, 'peak'])
  const lines = results.map(({ attack, variant, problems, victims, lostLeases, peaks }) => [
    `${attack}, ${variant}`,
    problems.length === 0 ? 'withstood' : 'SUCCEEDED',
    ...(victims === undefined
      ? ['', '']
      : [`${victims.failed} of ${victims.requests}`, String(victims.repeatedCalls)]),
    String(lostLeases),
    ...(victims === undefined ? ['', ''] : [victims.worstRequest, victims.worstTurn].map(whole)),
    ...processes.flatMap((name) => [
      whole(victims?.worstHealth[name] ?? Number.NaN),
      inMegabytes(peaks[name] ?? Number.NaN),
    ]),
  ])
  return drawTable([[...head, ...columns], ...lines]).join('\n')
}

function whole(value: number): string {
  return Number.isNaN(value) ? '' : Math.round(value).toLocaleString('en')
}
