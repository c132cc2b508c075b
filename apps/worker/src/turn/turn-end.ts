import { limits, type Status } from '@longhaul/core'

/** How an attempt at a turn ends: the turn has ended or is parked, or it is released for another attempt. */
export type TurnEnd =
  | { type: 'ended'; status: Status }
  | { type: 'parked' }
  | { type: 'released'; afterMs?: number }

type Released = Extract<TurnEnd, { type: 'released' }>

/** For the worker that has its job next. */
export const released: Released = { type: 'released' }
/** For one that can read what a newer version has recorded. */
export const leftToNewer: Released = { type: 'released', afterMs: limits.newerDelay }
/** For when the store gives the log. */
export const unread: Released = { type: 'released', afterMs: limits.unreadDelay }
/** For when there is room for its log. */
export const taskFull: Released = { type: 'released', afterMs: limits.liveBytes.again }
