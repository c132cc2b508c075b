import type { Signature } from '../parse/bind-arguments.ts'
import type { Budget } from '../step-budget.ts'

/** Applies a filter or a method to a value. Missing arguments are undefined. */
export type Run = (value: unknown, args: unknown[], budget: Budget) => unknown

export type Filter = Signature & {
  run: Run
  /** The parameter that names another filter, or a test. */
  names?: { kind: 'filter' | 'test'; at: number }
}
