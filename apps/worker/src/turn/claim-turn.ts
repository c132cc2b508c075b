import {
  type ClaimReply,
  type Job,
  limits,
  type LogPlace,
  type LogRoom,
  type NoRoom,
  type TaskStore,
} from '@longhaul/core'

type Claimed = Extract<ClaimReply, { outcome: 'claimed' }>
type Refused = Exclude<ClaimReply, { outcome: 'claimed' | 'large' }>

/** Claims a turn if there is room for its log; the turn holds its place from then on. */
export async function claimTurn(
  job: Job,
  attempt: string,
  {
    store,
    lockMs,
    logs,
    alone,
  }: { store: TaskStore; lockMs: number; logs: LogRoom; alone: boolean },
): Promise<{ claim: Claimed; place: LogPlace } | Refused | NoRoom> {
  const { taskId } = job
  const first = await store.claim(job, attempt, lockMs, {
    alone,
    room: limits.liveBytes.smallLog,
  })
  if (first.outcome === 'claimed')
    return { claim: first, place: logs.add(first.workspace, first.held) }
  if (first.outcome !== 'large') return first
  const place = logs.enter(taskId, first.workspace, first.bytes)
  if ('waitMs' in place) return place
  try {
    const claim = await store.claim(job, attempt, lockMs, { alone })
    if (claim.outcome === 'claimed') return { claim, place }
    place.leave()
    // Without a limit none is too large.
    return claim.outcome === 'large' ? { outcome: 'stale' } : claim
  } catch (error) {
    place.leave()
    throw error
  }
}
