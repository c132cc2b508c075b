import type { Evidence, SlotHold } from '../evidence/evidence.ts'
import { shardOf } from '@longhaul/core'
import { limitsAt } from '../evidence/limits-at.ts'
import { nameOf } from './limits.ts'
import { countAtMost, countHeld, sameLane, sameWorkspace } from './slots.ts'

type Of = Pick<Evidence, 'holds' | 'limitChanges'>

/**
 * Finds turns that started although another one was to start before: of a workspace, or a fairness key, that certainly
 * had fewer running turns for its weight, or with a lower rank in the same lane. So nothing starves. Turns that a worker
 * had before come before all others, so only first attempts are compared. Each shard has its own queue.
 */
export function checkNextTurn({ holds, limitChanges }: Of): string[] {
  const byShard = Map.groupBy(holds, ({ taskId }) => shardOf(taskId))
  return [...byShard.values()].flatMap((own) => checkShard({ holds: own, limitChanges }))
}

function checkShard(evidence: Of): string[] {
  return choices(evidence).flatMap(({ start, waiting }) => {
    const passed = waiting.find((turn) => comesBefore(turn, start, evidence))
    return passed === undefined ? [] : [`${nameOf(start)} started before ${nameOf(passed)}`]
  })
}

/** How many starts were a choice between several lanes: with none, the check of the next turn would show nothing. */
export function countChoices(evidence: Of): number {
  return choices(evidence).filter(({ start, waiting }) =>
    waiting.some((turn) => sameLane([turn], start).length === 0 && mayStart(turn, start, evidence)),
  ).length
}

type Choice = { start: SlotHold; waiting: SlotHold[] }

/** The first attempts, each with the turns that waited for theirs when it started. */
function choices({ holds }: Of): Choice[] {
  // When a delayed turn has entered its lane is not known.
  const firsts = holds.filter(
    ({ queuedAt, startAt }) => queuedAt !== undefined && startAt === undefined,
  )
  return firsts.map((start) => {
    const at = start.from
    const waiting = firsts.filter(({ queuedAt = at, from }) => queuedAt < at && from > at)
    return { start, waiting }
  })
}

function comesBefore(turn: SlotHold, start: SlotHold, evidence: Of): boolean {
  const { holds, limitChanges } = evidence
  const at = start.from
  if (turn.workspace === start.workspace && turn.fairnessKey === start.fairnessKey) {
    return turn.rank !== undefined && start.rank !== undefined && turn.rank < start.rank
  }
  if (!mayStart(turn, start, evidence)) return false
  if (turn.workspace === start.workspace) {
    return countAtMost(sameLane(holds, turn), at) < countHeld(sameLane(holds, start), at)
  }
  const [weight, ...others] = weightsAt(turn, at, limitChanges)
  const [startWeight, ...startOthers] = weightsAt(start, at, limitChanges)
  if (weight === undefined || startWeight === undefined) return false
  if (others.length > 0 || startOthers.length > 0) return false
  return (
    countAtMost(sameWorkspace(holds, turn), at) / weight <
    countHeld(sameWorkspace(holds, start), at) / startWeight
  )
}

/** Whether a queued turn could certainly have started in place of another one. */
function mayStart(turn: SlotHold, { from: at }: SlotHold, { holds, limitChanges }: Of): boolean {
  const found = limitsAt(limitChanges, { workspace: turn.workspace, at })
  const running = countAtMost(sameWorkspace(holds, turn), at)
  const ofKey = countAtMost(sameLane(holds, turn), at)
  return found.every(
    ({ paused = false, running: limit = Infinity, runningPerFairnessKey: ofEach = Infinity }) =>
      !paused && running < limit && ofKey < ofEach,
  )
}

function weightsAt({ workspace }: SlotHold, at: number, changes: Of['limitChanges']): number[] {
  return [...new Set(limitsAt(changes, { workspace, at }).map(({ weight = 1 }) => weight))]
}
