import { drawTable } from '@longhaul/testbed/servers'
import { inMegabytes } from './check-result.ts'
import type { Result } from './run.ts'

/** The results as a table. Times are maxima, in milliseconds. */
export function table(results: Result[]): string {
  const head = ['attack', 'outcome', 'beta failed', 'repeated', 'lost', 'request', 'turn']
  const processes = Object.keys(results[0]?.peaks ?? {})
  const columns = processes.flatMap((name) => [`${name} healthz`, 'peak'])
  const lines = results.map(({ attack, variant, problems, neighbours, lostLeases, peaks }) => [
    `${attack}, ${variant}`,
    problems.length === 0 ? 'withstood' : 'SUCCEEDED',
    ...(neighbours === undefined
      ? ['', '']
      : [`${neighbours.failed} of ${neighbours.requests}`, String(neighbours.repeatedCalls)]),
    String(lostLeases),
    ...(neighbours === undefined
      ? ['', '']
      : [neighbours.worstRequest, neighbours.worstTurn].map(whole)),
    ...processes.flatMap((name) => [
      whole(neighbours?.worstHealth[name] ?? Number.NaN),
      inMegabytes(peaks[name] ?? Number.NaN),
    ]),
  ])
  return drawTable([[...head, ...columns], ...lines]).join('\n')
}

function whole(value: number): string {
  return Number.isNaN(value) ? '' : Math.round(value).toLocaleString('en')
}
