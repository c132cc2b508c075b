import type { Redis } from 'ioredis'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { headsIn, inBatches } from '../store/read-tasks.ts'
import type { SeenFact, SlotHold } from './evidence.ts'

type Store = Pick<ChaosCluster, 'control' | 'redis'>

/** Reads from all logs which turns held a slot, and when. */
export async function readSlotHolds({ control, redis }: Store): Promise<SlotHold[]> {
  const holds: SlotHold[] = []
  for (const primary of await redis.primaries()) {
    const heads = await headsIn(primary.redis)
    holds.push(...(await inBatches(heads, (head) => readHolds(control, head))).flat())
  }
  return holds.toSorted((a, b) => a.from - b.from)
}

async function readHolds(
  redis: Redis,
  { head, taskId }: { head: string; taskId: string },
): Promise<SlotHold[]> {
  const [workspace, fairnessKey, priority, rank, turn, startAt] = await redis.hmget(
    head,
    'ws',
    'fairness-key',
    'priority',
    'rank',
    'turn',
    'start-at',
  )
  const stored = await redis.lrange(`${head}:log`, 0, -1)
  const facts = stored.map((text) => JSON.parse(text) as SeenFact)
  return holdsOf(facts, {
    taskId,
    workspace: workspace ?? '',
    fairnessKey: fairnessKey ?? '',
    ...(startAt != null && { startAt: Number(startAt) }),
    ...(priority != null && { priority: Number(priority) }),
    // The head has the rank of the latest turn.
    ...(rank != null && turn === '1' && { rank: Number(rank) }),
  })
}

/** Only the attempt that holds the turn records these. */
const ofHolder = new Set([
  'part.finished',
  'step.finished',
  'model.failed',
  'tool.called',
  'child.started',
  'context.trimmed',
  'review.requested',
])

/**
 * The slots that the attempts in a log held. A release, and the loss of a worker, are no facts: then it is not known for
 * how long the attempt held its slot.
 */
export function holdsOf(
  facts: SeenFact[],
  task: Omit<SlotHold, 'queuedAt' | 'from' | 'heldTo' | 'atMostTo'>,
): SlotHold[] {
  const holds: SlotHold[] = []
  let open: SlotHold | undefined
  let queuedAt: number | undefined
  for (const { type, at = 0 } of facts) {
    if (type === 'turn.started') {
      queuedAt = at
    } else if (type === 'attempt.started') {
      if (open !== undefined) open.atMostTo = at
      const first = queuedAt !== undefined && { queuedAt }
      open = { ...task, ...first, from: at, heldTo: at, atMostTo: Infinity }
      queuedAt = undefined
      holds.push(open)
    } else if (open !== undefined) {
      const isEnd = type === 'turn.completed' || type === 'turn.parked'
      // A turn also fails from outside, when its worker has died.
      if (isEnd || ofHolder.has(type)) open.heldTo = at
      if (isEnd || type === 'turn.failed') {
        open.atMostTo = at
        open = undefined
      }
    }
  }
  return holds
}
