/** What a turn waits for. `packages/core/src/scheduling/waiting-sentence.ts` describes each kind for people. */
export type WaitingKind =
  | 'worker'
  | 'no_worker'
  | 'workspace_running'
  | 'fairness_key_running'
  | 'model_requests'
  | 'model_tokens'
  | 'budget'
  | 'paused'
  | 'start_at'
  | 'provider_retry'
  | 'approval'
  | 'sub_agent'
  | 'timer'
  | 'repair'

/** Why a queued or parked turn does not run. Times are epoch milliseconds. */
export type Waiting = {
  for: WaitingKind
  since: number
  /** The turns of its own lane that start before it. */
  ahead?: number
  /** The limit that it waits for, and how much of it is in use. */
  limit?: number
  inUse?: number
  /** Some of the tasks that it waits for. They belong to its own workspace. */
  heldBy?: string[]
  /** The time before which it does not start. */
  starts?: number
  /** What it would wait for otherwise. */
  also?: WaitingKind[]
}

/** What the store knows about a turn that waits. Times are epoch milliseconds. */
export type WaitingTurn = {
  now: number
  /** When its latest fact was recorded. */
  lastFactAt: number
  /** The latest fact, if it is the parking of the turn. */
  parked: { until: number; for?: WaitingKind; also?: WaitingKind[] } | undefined
  /** Where it is queued. A turn that is `parked`, or that starts at a later time, is in no backlog. */
  place: 'parked' | 'lane' | 'returned' | 'newer' | 'broken' | 'none'
  /** In its lane: the number of turns before it. */
  ahead: number | undefined
  /** In `returned`: when it may start. */
  returnsAt: number | undefined
  /** Whether its latest worker died or lost it. */
  isLost: boolean
  /** The start that the request asked for. */
  startAt: number | undefined
  /** What a rate of its model allows at a later time. */
  rate: { kind: WaitingKind; until: number } | undefined
  /** Whether its workspace or its shard is paused. */
  isPaused: boolean
  /** The running turns of its workspace and of its fairness key, and how many may run. */
  workspace: Use
  key: Use
  /** Some tasks of its workspace: those that run at the limit that it has reached, or the sub-agents that it waits for. */
  holders: string[]
  /** The number of worker processes that send heartbeats. */
  workers: number
}

type Use = { running: number; limit: number | undefined }

type Reason = Pick<Waiting, 'for' | 'limit' | 'inUse' | 'heldBy' | 'starts'>

/** Why a turn waits. The reason that comes first in the list is told; the others would apply without it. */
export function whyWaiting(turn: WaitingTurn): Waiting {
  const reasons = turn.place === 'parked' ? reasonsToPark(turn) : reasonsToQueue(turn)
  const [first = { for: 'worker' }, ...others] = reasons
  const kinds = new Set(others.map((reason) => reason.for))
  kinds.delete(first.for)
  return {
    ...first,
    since: waitsSince(turn),
    ...(turn.place === 'lane' && turn.ahead !== undefined && { ahead: turn.ahead }),
    ...(kinds.size > 0 && { also: [...kinds] }),
  }
}

function reasonsToPark({ parked, rate, holders, now }: WaitingTurn): Reason[] {
  const starts = parked?.until
  const kinds = [parked?.for ?? 'timer', ...(parked?.also ?? [])]
  const reasons = kinds.map((kind): Reason => {
    if (kind === 'approval') return { for: kind }
    if (kind === 'sub_agent') return { for: kind, ...some(holders) }
    return { for: kind, ...(starts !== undefined && { starts }) }
  })
  if (rate === undefined || rate.until <= now) return reasons
  return [
    { for: rate.kind, starts: rate.until },
    ...reasons.filter((reason) => reason.for !== 'timer' && reason.for !== rate.kind),
  ]
}

/** From the reason that lasts whatever else changes to the one that ends by itself. */
function reasonsToQueue(turn: WaitingTurn): Reason[] {
  const { now, place, startAt, returnsAt, rate, isLost, workspace, key, holders } = turn
  const reasons: Reason[] = []
  if (startAt !== undefined && startAt > now) reasons.push({ for: 'start_at', starts: startAt })
  if (turn.isPaused) reasons.push({ for: 'paused' })
  if (turn.workers === 0 || place === 'newer') reasons.push({ for: 'no_worker' })
  const later = returnsAt !== undefined && returnsAt > now ? { starts: returnsAt } : {}
  if (place === 'broken' || (place === 'returned' && isLost)) {
    reasons.push({ for: 'repair', ...later })
  }
  // The sets before the lanes are served without regard to their order and their limits.
  if (place === 'lane' || place === 'none') {
    const isFull = isAtLimit(workspace)
    if (isFull) reasons.push({ for: 'workspace_running', ...useOf(workspace), ...some(holders) })
    if (isAtLimit(key)) {
      const heldBy = isFull ? {} : some(holders)
      reasons.push({ for: 'fairness_key_running', ...useOf(key), ...heldBy })
    }
  }
  if (rate !== undefined && rate.until > now) reasons.push({ for: rate.kind, starts: rate.until })
  return reasons.length > 0 ? reasons : [{ for: 'worker', ...later }]
}

function isAtLimit({ running, limit = Infinity }: Use): boolean {
  return running >= limit
}

function useOf({ running, limit }: Use): Pick<Waiting, 'limit' | 'inUse'> {
  return { ...(limit !== undefined && { limit }), inUse: running }
}

function some(heldBy: string[]): Pick<Waiting, 'heldBy'> {
  return heldBy.length === 0 ? {} : { heldBy }
}

/** A turn that was to wait until a time waits for something else from that time on. */
function waitsSince({ now, lastFactAt, parked, place, startAt }: WaitingTurn): number {
  const until = place === 'parked' ? undefined : parked?.until
  const times = [startAt, until].map((time = 0) => (time > now ? 0 : time))
  return Math.max(lastFactAt, ...times)
}
