import type { AttackContext } from './attack-context.ts'

/** An attack of one tenant, alpha, on all others with an ordinary key. */
export type Attack = {
  name: string
  /** A short description of the attack. */
  does: string
  variants: Record<string, Prepare>
  /** The attack fills or breaks a shared resource, so beta does not work meanwhile. */
  withoutNeighbours?: boolean
  /** The next attack needs new processes and a new Redis. */
  spoils?: boolean
}

/** Prepares the attack, before beta is measured, and returns the action. */
export type Prepare = (context: AttackContext) => Promise<Act>
export type Act = () => Promise<Finding>

/** A summary of what alpha saw, and the problems in it. */
export type Finding = { seen: string; wrong: string[] }
