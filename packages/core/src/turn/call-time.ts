import { limits } from '../limits/limits.ts'
import type { Plan } from '../manifest/plan.ts'
import type { State } from '../log/state.ts'

/**
 * The time limit of the next model call of a turn, milliseconds. A call in progress when the turn's time expires may
 * finish, because the caller waits for its answer, but only within a limit.
 */
export function callTime(
  { modelMs }: Pick<State, 'modelMs'>,
  { maxExecutionSeconds }: Pick<Plan, 'maxExecutionSeconds'>,
): number {
  const time = maxExecutionSeconds * 1_000
  return time - modelMs + Math.max(time, limits.executionOverrun)
}
