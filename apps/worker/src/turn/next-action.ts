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

/** What ends this attempt at the turn, and what it does to get on. */
type Ending = Extract<Action, { type: 'Finish' | 'Park' }>
export type Work = Exclude<Action, Ending>

type Known = {
  plan: Plan | undefined
  /** A fault of ours that an action has met. */
  broken: LonghaulError | undefined
  size: LogSize
  patienceMs: number
}

/** What `decide` says, unless the turn must fail for a reason that is not in its log. */
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
