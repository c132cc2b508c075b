import { limits } from '../limits/limits.ts'
import type { Plan } from '../manifest/plan.ts'
import type { State } from '../log/state.ts'

/**
 * How long the next model call of a turn may take, milliseconds. One that is under way when the turn's
 * time is used up may finish, since its answer is what the caller waits for, but not without end.
 */
export function callTime(
  { modelMs }: Pick<State, 'modelMs'>,
  { maxExecutionSeconds }: Pick<Plan, 'maxExecutionSeconds'>,
): number {
  const time = maxExecutionSeconds * 1_000
  return time - modelMs + Math.max(time, limits.executionOverrun)
}
