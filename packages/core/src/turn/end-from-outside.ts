import { cancelled, fail } from './decide.ts'
import type { TurnFailure } from '../log/turn-failure.ts'
import type { Fact, TurnCompleted, TurnFailed } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import { readable } from '../log/newer-facts.ts'
import { type Result, resultOf } from '../log/turn-result.ts'
import type { Status } from './transitions.ts'

/** The end of a turn, ready to be recorded. */
export type TurnEnd = { fact: TurnFailed; status: Status; result: Result }

/**
 * The end of a turn that is ended from outside, such as by its deadline. All its recorded facts count. A requested
 * cancel takes precedence over `why`. A turn must end even if a newer version ran it and no such worker is left: then
 * only the readable facts count for calls and usage.
 */
export function endFromOutside(
  facts: readonly Fact[],
  why: { code: TurnFailure; message: string },
  firstModel: string,
): TurnEnd {
  const state = fold(readable(facts))
  const { fact } = state.cancelRequested ? cancelled() : fail(why.code, why.message)
  return { fact, status: statusAfter(fact), result: resultOf(state, fact, firstModel) }
}

/** The status of a turn that ended with this fact. */
export function statusAfter(fact: TurnCompleted | TurnFailed): Status {
  if (fact.type === 'turn.completed') return 'completed'
  return fact.code === 'cancelled' ? 'cancelled' : 'failed'
}
