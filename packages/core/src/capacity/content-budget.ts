import { LonghaulError } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'

/**
 * The budget that all templates and schemas of one request share, so that a thousand parts use no more than one part
 * may use. It consists of plain numbers, which can be sent to a thread. `limits.content` defines what they count.
 */
export type Budget = {
  steps: number
  characters: number
  milliseconds: number
  /**
   * Whether `milliseconds` also limits the time by the clock. That is set in the event loop, where other requests wait.
   */
  byClock?: boolean
}

export function createBudget(of: Partial<Budget> = {}): Budget {
  return { ...limits.content, ...of }
}

/** A request needs more work than its budget allows. */
export class OverBudget extends LonghaulError {
  constructor(message: string, options?: ConstructorParameters<typeof LonghaulError>[2]) {
    super('invalid', message, options)
  }
}

/** Runs work that uses a budget. Work that throws uses nothing of it, so that it can be tried again. */
export function spending<T>(budget: Budget, work: (left: Budget) => T): T {
  const left = { ...budget }
  const result = work(left)
  Object.assign(budget, left)
  return result
}
