import type { LogEntry } from '@longhaul/client'
import type { TaskTime } from './tasks.ts'

/** A line of the waterfall: a model call, a tool call or a wait, from a time to a time (epoch milliseconds). */
export type Lane = {
  id: string
  kind: string
  label: string
  detail: string
  from: number
  to: number
  turn: number
  /** The entries of the log that belong to it. */
  entries: number[]
  child?: { agent: string; id: string }
  isFailed?: boolean
}

/** The lanes of a log, in the order in which they begin. What has not ended ends `now`. */
export function lanesOf(log: readonly LogEntry[], now: number): Lane[] {
  const lanes: Lane[] = []
  const calls = new Map<string, Lane>()
  const reviews = new Map<string, Lane>()
  let last = 0
  let before = 0

  for (const entry of log) {
    const at = Math.max(before, Date.parse(entry.at))
    const common = { turn: entry.turn, entries: [entry.number] }
    switch (entry.type) {
      case 'step.finished':
      case 'model.failed': {
        const isFailed = entry.type === 'model.failed'
        const from = Math.max(last, at - entry.ms)
        const tokens = !isFailed && entry.usage ? `, ${entry.usage.total_tokens} tokens` : ''
        lanes.push({
          ...common,
          id: `step ${entry.id}`,
          kind: isFailed ? 'model_failed' : 'model_output',
          label: `${isFailed ? 'Failed: ' : ''}${entry.model.split('/').at(-1) ?? ''}`,
          detail: `step ${entry.step}${tokens}`,
          from,
          to: at,
          isFailed,
        })
        break
      }
      case 'tool.called':
        calls.set(entry.tool_call_id, {
          ...common,
          id: `tool ${entry.id}`,
          kind: 'tool',
          label: entry.display_name ?? entry.tool_name,
          detail: '',
          from: at,
          to: now,
        })
        break
      case 'child.started': {
        const lane = calls.get(entry.tool_call_id)
        if (lane) {
          lane.kind = 'sub_agent'
          lane.child = { agent: entry.agent, id: entry.task_id }
          lane.detail = `sub-agent ${entry.agent}`
          lane.entries.push(entry.number)
        }
        break
      }
      case 'tool.returned':
      case 'tool.failed': {
        const lane = calls.get(entry.tool_call_id)
        if (lane) {
          lane.to = at
          lane.isFailed = entry.type === 'tool.failed'
          lane.entries.push(entry.number)
        }
        break
      }
      case 'review.requested':
        reviews.set(entry.tool_call_id, {
          ...common,
          id: `review ${entry.id}`,
          kind: 'approval',
          label: `Approval of ${entry.display_name ?? entry.tool_name}`,
          detail: '',
          from: at,
          to: now,
        })
        break
      case 'review.decided': {
        const lane = reviews.get(entry.tool_call_id)
        if (lane) {
          lane.to = at
          lane.detail = `${entry.review} by ${entry.by === 'expiry' ? 'expiry' : 'a person'}`
          lane.entries.push(entry.number)
        }
        break
      }
      case 'turn.completed':
      case 'turn.failed':
        endOpen(at)
        break
      default:
        break
    }
    if (entry.type !== 'part.finished' && entry.type !== 'parts.abandoned') last = at
    before = at
  }
  lanes.push(...calls.values(), ...reviews.values())
  return inOrder(lanes)

  /** What the turn has left open ended with it. */
  function endOpen(at: number): void {
    for (const lane of [...calls.values(), ...reviews.values()]) if (lane.to === now) lane.to = at
  }
}

/** The number of the entries of parts that a model call wrote, with the call itself. */
export function entriesOfLane(lane: Lane, log: readonly LogEntry[]): LogEntry[] {
  const numbers = new Set(lane.entries)
  const last = Math.max(...lane.entries)
  if (lane.id.startsWith('step')) {
    for (let at = last - 1; log[at]?.type === 'part.finished'; at -= 1) numbers.add(at)
  }
  return log.filter(({ number }) => numbers.has(number))
}

/** The crashes of workers, from the last fact of each to the claim of the next worker. */
export function crashLanes(time: TaskTime | undefined, log: readonly LogEntry[]): Lane[] {
  const crashes = (time?.parts ?? []).filter(({ for: kind }) => kind === 'repair')
  return crashes.map(({ from, ms, turn }) => {
    const begin = Date.parse(from)
    const next = log.find(
      (entry) => entry.type === 'attempt.started' && Date.parse(entry.at) >= begin + ms,
    )
    const attempt = next?.type === 'attempt.started' ? `attempt ${next.epoch}` : 'another attempt'
    return {
      id: `crash ${from}`,
      kind: 'repair',
      label: 'Worker died',
      detail: `${attempt} on another worker went on, nothing recorded was repeated`,
      from: begin,
      to: begin + ms,
      turn,
      entries: next === undefined ? [] : [next.number],
      isFailed: true,
    }
  })
}

export function inOrder(lanes: readonly Lane[]): Lane[] {
  return lanes.toSorted((a, b) => a.from - b.from || a.to - b.to)
}
