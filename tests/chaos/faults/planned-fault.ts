import type { ScheduledKind } from './fault-kinds.ts'

/** One thing that goes wrong: when (milliseconds from the start), for how long, and to whom. */
export type PlannedFault = {
  kind: ScheduledKind
  at: number
  ms: number
  /** Which of those that could be hit, or which value of many, from 0 to 1: who lives then is not known yet. */
  victim: number
}
