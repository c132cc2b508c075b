import { type Claimed, taskIdInShard } from '@longhaul/core'
import { completed, result } from '../lifecycle/submission.fixture.ts'

export const lockMs = 10_000

export function endOf({ taskId, turn, attempt, length }: Claimed) {
  const end = { folded: length, status: 'completed', result } as const
  return { taskId, turn, attempt, ordinal: 1, facts: [completed], end }
}

let attempts = 0
/** Attempts of a slot ascend, as ULIDs of one process do. */
export function nextAttempt(): string {
  attempts += 1
  return `a${String(attempts).padStart(9, '0')}`
}

export function idOf(number: number): string {
  return taskIdInShard(`01K0000000${String(number).padStart(16, '0')}`, 0)
}
