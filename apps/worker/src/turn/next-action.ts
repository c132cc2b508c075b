import {
  type Action,
  decide,
  fail,
  type LogSize,
  type LonghaulError,
  type Plan,
  type State,
  whyFull,
} from '@longhaul/core'

/** The next action of an attempt: it ends the attempt, or it continues the turn. */
type Ending = Extract<Action, { type: 'Finish' | 'Park' }>
export type Work = Exclude<Action, Ending>

type Known = {
  plan: Plan | undefined
  /** An internal error of an action. */
  broken: LonghaulError | undefined
  size: LogSize
  patienceMs: number
}

/** The action that `decide` returns, unless the turn must fail for a reason that is not in its log. */
export function nextAction(
  state: State,
  { plan, broken, size, patienceMs }: Known,
): Ending | (Work & { plan: Plan }) {
  if (broken !== undefined && !state.cancelRequested) return fail('internal', broken.message)
  if (plan === undefined) {
    return fail('internal', 'the plan of the turn is missing or cannot be read')
  }
  const action = decide(state, plan, patienceMs)
  if (action.type === 'Finish') return action
  const full = whyFull(size, action)
  if (full !== undefined) return fail('task_full', full)
  return action.type === 'Park' ? action : { ...action, plan }
}
