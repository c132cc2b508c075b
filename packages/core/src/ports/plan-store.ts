import type { Plan } from '../manifest/plan.ts'

/** Plans by their hash; a plan never changes. */
export interface PlanStore {
  /** Keeps a plan for so many milliseconds from now on, unless it is kept for longer. */
  put(workspace: string, hash: string, plan: Plan, ms: number): Promise<void>
  /** The same for one that is stored; false when it is not. */
  keep(workspace: string, hash: string, ms: number): Promise<boolean>
  /** `newer` when this code cannot read it, since a newer version wrote it. */
  get(workspace: string, hash: string): Promise<Plan | 'newer' | undefined>
}
