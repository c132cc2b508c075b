import type { Plan } from '../manifest/plan.ts'

/** Plans by their hash; a plan never changes. */
export interface PlanStore {
  /** Stores a plan for at least `ms` milliseconds from now. */
  put(workspace: string, hash: string, plan: Plan, ms: number): Promise<void>
  /** Extends the time of a stored plan. Returns false when it is not stored. */
  keep(workspace: string, hash: string, ms: number): Promise<boolean>
  /** Returns `newer` when a newer version wrote the plan, so that this code cannot read it. */
  get(workspace: string, hash: string): Promise<Plan | 'newer' | undefined>
}
