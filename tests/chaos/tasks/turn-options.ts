import type { SeededRandom } from './seeded-random.ts'

/** What a request asks of the scheduler. */
export type TurnOptions = {
  fairnessKey?: string
  priority?: 1 | 2 | 3 | 4 | 5
  /** How long after its acceptance the turn may start, in seconds. */
  startAfter?: number
}

const fairnessKeys = ['ada', 'bob', 'cyd', undefined]

/** Options at random. Those that are given stay. */
export function turnOptions(
  random: SeededRandom,
  given: { fairnessKey?: string | undefined } = {},
): TurnOptions {
  const drawn = fairnessKeys[random.between(0, fairnessKeys.length - 1)]
  const fairnessKey = given.fairnessKey ?? drawn
  const priority = random.between(1, 5) as 1 | 2 | 3 | 4 | 5
  const startAfter = random.between(1, 4)
  return {
    ...(fairnessKey !== undefined && { fairnessKey }),
    ...(random.happens(0.5) && { priority }),
    ...(random.happens(0.1) && { startAfter }),
  }
}

export function headersOf({ fairnessKey, priority, startAfter }: TurnOptions) {
  return {
    ...(fairnessKey !== undefined && { 'longhaul-fairness-key': fairnessKey }),
    ...(priority !== undefined && { 'longhaul-priority': String(priority) }),
    ...(startAfter !== undefined && { 'longhaul-start-at': `PT${startAfter}S` }),
  }
}
