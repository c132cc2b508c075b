import { cancelled, fail } from './decide.ts'
import type { TurnFailure } from '../log/turn-failure.ts'
import type { Fact, TurnCompleted, TurnFailed } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import { readable } from '../log/newer-facts.ts'
import { type Result, resultOf } from '../log/turn-result.ts'
import type { Status } from './transitions.ts'

/** How a turn ends, ready to be recorded. */
export type TurnEnd = { fact: TurnFailed; status: Status; result: Result }

/**
 * The end of a turn that does not come to its own: what it has recorded counts, from its first fact on.
 * A cancel that was requested is why, whatever else was. A turn must end also where a newer version ran
 * it and none is left: then what can be read counts, and calls and usage are those of these facts alone.
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
