import { limits, type ModelWait, type Status, type TurnTimes } from '@longhaul/core'
import type { HeldCall } from '../actions/reserve-call.ts'
import type { NextTurn } from './next-turn.ts'

/** The end of an attempt: the turn has ended or is parked, or it is released for another attempt. */
export type TurnEnd =
  | ({ type: 'ended'; status: Status; times?: TurnTimes } & AfterEnd)
  | ({ type: 'parked' } & AfterEnd)
  | { type: 'released'; afterMs?: number; closed?: { modelClass: string; wait: ModelWait } }

/**
 * What follows an attempt: the claim of the next turn that its end has brought along, and whether a full Redis refused
 * the end at first.
 */
export type AfterEnd = { next?: NextTurn; wasFull?: boolean }

type Released = Extract<TurnEnd, { type: 'released' }>

/** Released for the next worker. */
export const released: Released = { type: 'released' }
/** Released for a worker that can read the facts of a newer version. */
export const leftToNewer: Released = { type: 'released', afterMs: limits.newerDelay }
/** Released until the store can return the log. */
export const unread: Released = { type: 'released', afterMs: limits.unreadDelay }
/** Released until there is capacity for its log. */
export const taskFull: Released = { type: 'released', afterMs: limits.liveBytes.again }

/** Released until there is something left of the rate of its model. */
export function closedClass({ modelClass, wait }: Extract<HeldCall, { type: 'closed' }>): Released {
  return { type: 'released', closed: { modelClass, wait } }
}
