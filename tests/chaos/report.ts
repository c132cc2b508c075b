import { rules, type Violation } from './checks/check.ts'
import { whileFull } from './checks/full-redis.ts'
import { startsAtLimit } from './checks/limits.ts'
import { countChoices } from './checks/next-turn.ts'
import type { Evidence } from './evidence/evidence.ts'
import { faultKinds, poisoning } from './faults/fault-kinds.ts'
import { recoveryTimes } from './evidence/recovery-times.ts'
import { transientModelFailures } from './tasks/model-failures.ts'
import { callFlaws, failingServices, mustFail } from './tasks/task-script.ts'

/** The report of a run, as text. */
export function report(evidence: Evidence, violations: Violation[]): string {
  return [
    faultTable(evidence),
    '',
    figures(evidence),
    '',
    ...rules.flatMap((rule) => verdict(rule, violations)),
  ].join('\n')
}

/** How many violations of one rule the report shows, and how much of each. The evidence has all of them. */
const shown = { violations: 8, characters: 240 }

function verdict(rule: string, violations: Violation[]): string[] {
  const broken = violations.filter((violation) => violation.rule === rule)
  if (broken.length === 0) return [`kept    ${rule}`]
  return [
    `BROKEN  ${rule}: ${broken.length} times`,
    ...broken.slice(0, shown.violations).map(({ task, what }) => {
      const text = `${task === undefined ? '' : `task ${task}: `}${what}`
      return `          ${text.slice(0, shown.characters)}`
    }),
  ]
}

function faultTable(evidence: Evidence): string {
  const times = recoveryTimes(evidence)
  const head = ['fault', 'times', 'until work went on, p50', 'p99', 'most']
  const rows = faultKinds.map((kind) => {
    const found = (times.get(kind) ?? []).toSorted((a, b) => a - b)
    const happened = evidence.faults.filter((fault) => fault.kind === kind).length
    return [kind, String(happened), ...[0.5, 0.99, 1].map((share) => at(found, share))]
  })
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

function at(sorted: number[], share: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return value === undefined ? '–' : `${(value / 1_000).toFixed(2)} s`
}

function figures(evidence: Evidence): string {
  const { tasks, continuationPairs, asked, served, faults, holds } = evidence
  const steps = tasks.flatMap(({ script }) => script.steps)
  const usual = sum(steps.map(({ requests }) => requests))
  const troubled = steps.filter(({ replies }) => replies.length > 1).length
  const rough = steps.flatMap(({ calls }) => calls.filter(mustFail))
  const calls = new Set(served.map(({ callId }) => callId)).size
  const clients = tasks.map(({ client }) => client)
  const ended = clients.filter(({ endedAt }) => endedAt !== undefined).length
  const cancelled = clients.filter(({ cancel }) => cancel !== undefined).length
  const intime = tasks.filter(({ final }) => final?.body['error'] === 'cancelled').length
  const waits = clients.map(({ longestWait }) => longestWait).toSorted((a, b) => a - b)
  const slowest = Math.max(...clients.map(({ longestRefusal }) => longestRefusal.ms))
  const refused = asked.filter((request) => request.refused).length
  const full = clients.flatMap(({ submissions }) => submissions.filter(whileFull(faults)))
  const kills = faults.filter(({ kind }) => kind === 'worker killed' || kind === poisoning).length
  return [
    `faults ${faults.length}, of them workers killed ${kills}; by script: model calls that fail at first ${troubled} (${Object.keys(transientModelFailures).length} kinds), tool calls that fail ${rough.length} (${failingServices.length + callFlaws.length} kinds)`,
    `tasks ${tasks.length}, of them ended ${ended}; submitted again by their clients ${sum(clients.map(({ repeats }) => repeats))} times; continued by two clients at once ${continuationPairs.length}`,
    `turns started ${holds.length}, of them with the last slot of a limit ${startsAtLimit(evidence)}, while another lane waited ${countChoices(evidence)}`,
    `cancelled ${cancelled}, of them before they had ended ${intime}`,
    `steps ${steps.length}; model calls ${asked.length}, refused in an outage ${refused}, by script ${usual}: ${asked.length - refused - usual} more`,
    `tool calls ${served.length}, of ${calls} ids: ${served.length - calls} repeated`,
    `requests for a turn while Redis was full ${full.length}, of them refused ${full.filter(({ status }) => status === 503).length}`,
    ...losses(evidence),
    `the longest wait of a client for a reply that does not wait for a turn: p50 ${at(waits, 0.5)}, p99 ${at(waits, 0.99)}; to be refused: ${(slowest / 1_000).toFixed(2)} s`,
  ].join('\n')
}

function losses({ failovers }: Evidence): string[] {
  if (failovers.length === 0) return []
  const lost = failovers.flatMap((each) => each.lost)
  const facts = lost.flatMap((each) => each.facts)
  const countOf = (name: string) => facts.filter(({ type }) => type === name).length
  const requests = sum(failovers.map(({ lostRequests }) => lostRequests.length))
  return [
    `replicas that took over ${failovers.length}; what they had not received: of ${lost.length} tasks ${facts.length} facts, of them starts ${countOf('turn.started')}, model steps ${countOf('step.finished')}; idempotency keys ${requests}`,
  ]
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
