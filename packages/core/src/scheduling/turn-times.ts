import { endsTurn, type Fact, type FactOf } from '../log/fact.ts'
import type { WaitingKind } from './waiting.ts'

/** A part of the time of a turn: a worker ran it, or it waited. Times are epoch milliseconds. */
export type TurnSpan = { for: 'work' | WaitingKind; from: number; to: number }

/** How long a turn worked, and how long it waited, by kind: milliseconds. */
export type TurnTimes = { working: number; waiting: Partial<Record<WaitingKind, number>> }

/**
 * What the latest turn of a log did from its submission to its end, or to `now`: spans without a gap. A turn waits in a
 * queue, parked, or with a worker for the next try of a model call. Of a worker that died, the time after its last fact
 * is not work.
 */
export function turnSpans(log: readonly Fact[], now: number): TurnSpan[] {
  const spans: TurnSpan[] = []
  const [first, ...facts] = log.slice(log.findLastIndex(({ type }) => type === 'turn.started'))
  if (first === undefined) return spans
  let at = first.at
  let last = first.at
  /** What the turn does since `at`, and how long it does that at most: then comes what is below it. */
  let current: Phase[] = [queued]

  for (const fact of facts) {
    const time = Math.max(last, fact.at)
    if (fact.type === 'attempt.started') {
      if (isWorking()) spendUntil(last, fact.waited === undefined ? [repaired] : [queued])
      current = withReasons(current, fact)
      spendUntil(time, [working])
    } else if (fact.type === 'turn.parked') {
      spendUntil(time, parking(fact))
    } else if (fact.type === 'model.failed' && isWorking()) {
      spendUntil(time, [retry(time + fact.wait), working])
    } else if (endsTurn(fact)) {
      spendUntil(time, [])
      return spans
    } else if (!isWorking()) {
      // The answer or the decision that a parked turn waited for.
      if (resumes(fact)) spendUntil(time, [queued])
    } else {
      spendUntil(time, [working])
    }
    last = time
  }
  spendUntil(Math.max(last, now), [])
  return spans

  function isWorking(): boolean {
    return current.at(-1)?.for === 'work'
  }

  /** Adds the spans up to a time, from which on the turn does something else. */
  function spendUntil(time: number, next: typeof current): void {
    for (const { for: kind, until } of current) {
      const to = Math.min(time, until)
      if (to > at) add({ for: kind, from: at, to })
    }
    current = next
  }

  function add(span: TurnSpan): void {
    const before = spans.at(-1)
    if (before?.for === span.for) before.to = span.to
    else spans.push(span)
    at = span.to
  }
}

type Phase = { for: TurnSpan['for']; until: number }

/** Adds why the turn has waited before this attempt: before that, only the claim knows it. */
function withReasons(phases: Phase[], { waited = [] }: FactOf<'attempt.started'>): Phase[] {
  const reasons: Phase[] = [...waited]
  reasons.sort((a, b) => a.until - b.until)
  return [...phases.slice(0, -1), ...reasons, ...phases.slice(-1)]
}

const queued = { for: 'worker', until: Infinity } as const
const repaired = { for: 'repair', until: Infinity } as const
const working = { for: 'work', until: Infinity } as const

function retry(until: number) {
  return { for: 'provider_retry', until } as const
}

/** Facts of earlier versions do not have the reason. */
function parking({ until, for: kind = 'timer' }: FactOf<'turn.parked'>) {
  return [{ for: kind, until }, queued]
}

function resumes({ type }: Fact): boolean {
  return type === 'review.decided' || type === 'tool.returned' || type === 'tool.failed'
}

/** Adds up the spans of each kind. */
export function turnTimes(spans: readonly TurnSpan[]): TurnTimes {
  const waiting: TurnTimes['waiting'] = {}
  let worked = 0
  for (const { for: kind, from, to } of spans) {
    if (kind === 'work') worked += to - from
    else waiting[kind] = (waiting[kind] ?? 0) + to - from
  }
  return { working: worked, waiting }
}
