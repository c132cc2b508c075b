import { LonghaulError } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'

/**
 * What is left for the templates and schemas of one request: all of them share it, so that a thousand parts use no
 * more than one part may. Plain numbers, which can be sent to a thread; `limits.content` says what they count.
 */
export type Budget = {
  steps: number
  characters: number
  milliseconds: number
  /** The milliseconds are those of the clock, too: for the event loop, in which others wait. */
  byClock?: boolean
}

export function createBudget(of: Partial<Budget> = {}): Budget {
  return { ...limits.content, ...of }
}

/** A request asks for more work than its budget allows. */
export class OverBudget extends LonghaulError {
  constructor(message: string, options?: ConstructorParameters<typeof LonghaulError>[2]) {
    super('invalid', message, options)
  }
}

/** Work that shares a budget. What is tried counts only when it succeeds, so that it can be tried again. */
export function spending<T>(budget: Budget, work: (left: Budget) => T): T {
  const left = { ...budget }
  const result = work(left)
  Object.assign(budget, left)
  return result
}
