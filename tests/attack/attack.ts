import type { AttackContext } from './attack-context.ts'

/** What one tenant, alpha, does to all others with an ordinary key. */
export type Attack = {
  name: string
  /** What alpha does, in a few words. */
  does: string
  variants: Record<string, Prepare>
  /** It fills or breaks what all workspaces share, so beta does not work beside it. */
  withoutNeighbours?: boolean
  /** Beta's turns may wait in the queue behind alpha's, whose order is that in which they came. */
  queues?: boolean
  /** What follows needs new processes and a new Redis. */
  spoils?: boolean
}

/** Makes what the attack needs, before beta is measured, and returns the attack. */
export type Prepare = (context: AttackContext) => Promise<Act>
export type Act = () => Promise<Finding>

/** What alpha saw, for people, and what of it must not be. */
export type Finding = { seen: string; wrong: string[] }
