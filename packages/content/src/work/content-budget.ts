import { type Budget, createBudget, limits } from '@longhaul/core'

/** What is left for all work on the content of one request: its templates, its schemas and what is checked by them. */
export type ContentBudget = {
  /** Whose work it is: workspaces take turns. */
  workspace: string
  left: Budget
  /** What of it may be used in the event loop. */
  atOnce: Budget
  /** For how long threads may work for it, in milliseconds of the clock. */
  clock: number
  /** Waits in a full queue, too: for callers whose number is bounded elsewhere. */
  patient: boolean
  /** Ends work that waits or is done on a thread. */
  signal?: AbortSignal | undefined
}

export function createContentBudget(
  workspace: string,
  {
    of,
    patient = false,
    signal,
  }: { of?: Partial<Budget>; patient?: boolean; signal?: AbortSignal } = {},
): ContentBudget {
  return {
    workspace,
    left: createBudget(of),
    atOnce: createBudget(limits.contentAtOnce),
    clock: limits.contentWait,
    patient,
    signal,
  }
}
