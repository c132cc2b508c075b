import { type Budget, createBudget, limits } from '@longhaul/core'

/** The rest of one request's budget for content: templates, schemas, and JSON that is checked by schemas. */
export type ContentBudget = {
  /** The workspace of the request: workspaces take turns on the threads. */
  workspace: string
  left: Budget
  /** The part of it that may be used in the event loop. */
  atOnce: Budget
  /** Wall-clock milliseconds that threads may work for the request. */
  clock: number
  /** Waits also when the queue is full. For callers whose number is bounded elsewhere. */
  patient: boolean
  /** Stops work that waits for a thread or runs on one. */
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
