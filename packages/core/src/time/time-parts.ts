import { endsTurn, type Fact, type FactOf } from '../log/fact.ts'
import { turnSpans, type TurnSpan } from '../scheduling/turn-times.ts'
import type { WaitingKind } from '../scheduling/waiting.ts'
import { type WorkInterval, workIntervals, type WorkKind } from './work-intervals.ts'

/**
 * What a task did in a part of its time. `overhead` is the worker's own work. Between two turns, a task waits for the
 * caller's results (`caller`), for a redrive (`failed`), or for the next message (`idle`).
 */
export type TimeKind = WorkKind | WaitingKind | 'overhead' | 'caller' | 'failed' | 'idle'

/** A part of the time of a task. Times are epoch milliseconds. */
export type TimePart = {
  for: TimeKind
  from: number
  to: number
  /** The turn, or the one that ended before the part. */
  turn: number
  /** The number of the model call in its turn. */
  step?: number
  /** The tool call that runs, or that waits for a reviewer or a sub-agent. */
  callId?: string
  /** The tool or the model. */
  name?: string
  /** The task of the sub-agent. */
  taskId?: string
}

/**
 * Explains all time of a task, from its first fact to the end of its latest turn, or to `now`: parts in order, without a
 * gap and without an overlap, so they add up exactly. Of tools that run at the same time, the one that ends last counts.
 */
export function timeParts(log: readonly Fact[], now: number): TimePart[] {
  const parts: TimePart[] = []
  const turns = turnsOf(inOrder(log))
  for (const [index, turn] of turns.entries()) {
    const [started] = turn
    const next = turns[index + 1]?.[0]
    const end = lastOf(turn)
    const isOver = end !== undefined && endsTurn(end)
    const to = isOver ? end.at : Math.max(end?.at ?? 0, next?.at ?? now)
    for (const part of partsOfTurn(turn, to)) add({ ...part, turn: started.turn })
    if (next !== undefined && next.at > to) {
      add({ for: gapBefore(next, end), from: to, to: next.at, turn: started.turn })
    }
  }
  return parts

  function add(part: TimePart): void {
    const previous = parts.at(-1)
    if (previous !== undefined && isSame(previous, part)) previous.to = part.to
    else parts.push(part)
  }
}

/** How long each kind took, milliseconds. The longest is first. */
export function timeByKind(parts: readonly TimePart[]): Map<TimeKind, number> {
  const sums = new Map<TimeKind, number>()
  for (const { for: kind, from, to } of parts) sums.set(kind, (sums.get(kind) ?? 0) + to - from)
  return new Map([...sums].toSorted(([, a], [, b]) => b - a))
}

type Turn = [FactOf<'turn.started'>, ...Fact[]]
type PartOfTurn = Omit<TimePart, 'turn'>

/** The facts with times that never go back: the clock of Redis may do so after a failover. */
function inOrder(log: readonly Fact[]): Fact[] {
  let latest = 0
  return log.map((fact) => {
    latest = Math.max(latest, fact.at)
    return fact.at === latest ? fact : { ...fact, at: latest }
  })
}

function turnsOf(log: Fact[]): Turn[] {
  const turns: Turn[] = []
  for (const fact of log) {
    if (fact.type === 'turn.started') turns.push([fact])
    else turns.at(-1)?.push(fact)
  }
  return turns
}

function lastOf(turn: Turn): Fact | undefined {
  return turn.find(endsTurn) ?? turn.at(-1)
}

function gapBefore(next: FactOf<'turn.started'>, end: Fact | undefined): TimeKind {
  if (next.redrive !== undefined) return 'failed'
  return end?.type === 'turn.completed' && end.pending.length > 0 ? 'caller' : 'idle'
}

function isSame(a: TimePart, b: TimePart): boolean {
  return (
    a.to === b.from &&
    a.for === b.for &&
    a.turn === b.turn &&
    a.step === b.step &&
    a.callId === b.callId &&
    a.name === b.name
  )
}

function partsOfTurn(turn: Turn, to: number): PartOfTurn[] {
  const spans = turnSpans(turn, to)
  const intervals = workIntervals(turn, to)
  const waitedFor = waitedCalls(turn)
  const ordered = intervals.toSorted((a, b) => a.from - b.from)
  let next = 0
  let active: WorkInterval[] = []
  return spans.flatMap((span) => {
    if (span.for !== 'work') return [{ ...span, for: span.for, ...waitedFor(span) }]
    return partsOfWork(span)
  })

  /** Cuts a span of work at the ends of its intervals. Spans come in order, so each interval is looked at once. */
  function partsOfWork({ from, to: end }: TurnSpan): PartOfTurn[] {
    const parts: PartOfTurn[] = []
    for (let at = from; at < end;) {
      const begun = ordered.slice(next, firstAfter(at))
      next += begun.length
      active = [...active, ...begun].filter((each) => each.to > at)
      const chosen = active.reduce<WorkInterval | undefined>(moreTelling, undefined)
      const until = Math.min(end, ordered[next]?.from ?? end, ...active.map((each) => each.to))
      parts.push({ ...(chosen ?? { for: 'overhead' }), from: at, to: until })
      at = until
    }
    return parts
  }

  function firstAfter(time: number): number {
    let index = next
    while ((ordered[index]?.from ?? Infinity) <= time) index += 1
    return index
  }
}

/** Of two intervals at the same time, the one that explains it: lost work last, otherwise the one that ends last. */
function moreTelling(best: WorkInterval | undefined, next: WorkInterval): WorkInterval {
  if (best === undefined) return next
  if (rankOf(best) !== rankOf(next)) return rankOf(best) > rankOf(next) ? best : next
  return next.to > best.to ? next : best
}

function rankOf({ for: kind, callId, step }: WorkInterval): number {
  if (kind === 'redone') return 0
  return callId === undefined && step === undefined ? 1 : 2
}

/** For spans of waiting: the call that waits for a reviewer or a sub-agent. */
function waitedCalls(turn: Turn): (span: TurnSpan) => Partial<PartOfTurn> {
  type Waiting = { from: number; to: number; call: Partial<PartOfTurn> }
  const found = { approval: new Map<string, Waiting>(), sub_agent: new Map<string, Waiting>() }
  for (const fact of turn) {
    if (fact.type === 'review.requested') {
      const { callId, name, at: from } = fact
      found.approval.set(callId, { from, to: Infinity, call: { callId, name } })
    } else if (fact.type === 'child.started') {
      const { callId, agent: name, taskId, at: from } = fact
      found.sub_agent.set(callId, { from, to: Infinity, call: { callId, name, taskId } })
    } else if (fact.type === 'review.decided') {
      endAt(found.approval.get(fact.callId), fact.at)
    } else if (fact.type === 'tool.returned' || fact.type === 'tool.failed') {
      endAt(found.sub_agent.get(fact.callId), fact.at)
    }
  }
  const lists = {
    approval: [...found.approval.values()],
    sub_agent: [...found.sub_agent.values()],
  }

  return ({ for: kind, from, to }) => {
    if (kind !== 'approval' && kind !== 'sub_agent') return {}
    const during = lists[kind].filter((each) => each.from < to && each.to > from)
    return during.toSorted((a, b) => b.to - a.to)[0]?.call ?? {}
  }
}

function endAt(waiting: { to: number } | undefined, at: number): void {
  if (waiting !== undefined) waiting.to = at
}
