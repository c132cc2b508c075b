import { endsTurn, type Fact, type FactOf } from '../log/fact.ts'

/** What a worker did while it ran a turn. Intervals may overlap. Times are epoch milliseconds. */
export type WorkInterval = {
  for: WorkKind
  from: number
  to: number
  step?: number
  callId?: string
  name?: string
}

/** What a worker does. `redone` is work that was lost with its worker, and done again. */
export type WorkKind =
  | 'model_first_output'
  | 'model_output'
  | 'model'
  | 'model_failed'
  | 'model_rate'
  | 'tool'
  | 'file'
  | 'redone'

type RunningTool = { callId: string; name: string; from: number }

/**
 * The intervals of the model calls, tool calls and files of one turn. `to` is its end, or now. A model call begins as
 * long before its fact as it took, and never before the fact that precedes it.
 */
export function workIntervals(turn: readonly Fact[], to: number): WorkInterval[] {
  const intervals: WorkInterval[] = []
  const running = new Map<string, RunningTool>()
  /** The time of the latest fact, and of the latest one that is not an output of a model call. */
  let last = turn[0]?.at ?? 0
  let before = last
  let isWorking = false

  for (const fact of turn) {
    const { at } = fact
    if (fact.type === 'attempt.started') {
      interrupt(last, at)
      isWorking = true
    } else if (fact.type === 'turn.parked') {
      interrupt(at, at)
      isWorking = false
    } else if (fact.type === 'step.finished' || fact.type === 'model.failed') {
      intervals.push(...modelIntervals(fact, before))
    } else if (fact.type === 'tool.called') {
      running.set(fact.callId, { callId: fact.callId, name: fact.name, from: at })
    } else if (fact.type === 'tool.returned' || fact.type === 'tool.failed') {
      end('tool', fact.callId, at)
    } else if (fact.type === 'child.started') {
      end('tool', fact.callId, at)
    } else if (fact.type === 'file.fetched' || fact.type === 'file.failed') {
      intervals.push({ for: 'file', from: before, to: at })
    } else if (fact.type === 'turn.failed' && isWorking) {
      // A call that was stopped has no fact.
      intervals.push({ for: 'model', from: before, to: at })
    }
    last = at
    if (!isOutput(fact)) before = at
  }
  const isOver = turn.some(endsTurn)
  for (const { callId } of running.values()) end('tool', callId, isOver ? last : to)
  if (!isOver && isWorking) intervals.push({ for: 'model', from: before, to })
  return intervals

  function end(kind: WorkKind, callId: string, until: number): void {
    const tool = running.get(callId)
    if (tool === undefined) return
    running.delete(callId)
    intervals.push({ for: kind, from: tool.from, to: until, callId, name: tool.name })
  }

  /** The calls that run are made again by the next attempt. */
  function interrupt(until: number, again: number): void {
    const tools = [...running.values()]
    for (const tool of tools) {
      end('redone', tool.callId, until)
      running.set(tool.callId, { ...tool, from: again })
    }
  }
}

/** A part of a model's answer is recorded at the end of the call that produced it. */
function isOutput({ type }: Fact): boolean {
  return type === 'part.finished' || type === 'parts.abandoned'
}

function modelIntervals(
  fact: FactOf<'step.finished'> | FactOf<'model.failed'>,
  before: number,
): WorkInterval[] {
  const { at, step, model: name, rateMs = 0 } = fact
  const from = Math.max(before, at - fact.ms)
  const waited: WorkInterval[] = [
    { for: 'model_rate', from: Math.max(before, from - rateMs), to: from, step, name },
  ]
  if (fact.type === 'model.failed') {
    return [...waited, { for: 'model_failed', from, to: at, step, name }]
  }
  if (fact.firstMs === undefined) return [...waited, { for: 'model', from, to: at, step, name }]
  const first = Math.min(at, from + fact.firstMs)
  return [
    ...waited,
    { for: 'model_first_output', from, to: first, step, name },
    { for: 'model_output', from: first, to: at, step, name },
  ]
}
