import type { Signature } from '../parse/bind-arguments.ts'
import type { Budget } from '../step-budget.ts'

/** What a filter or a method makes of a value. Arguments that were not given are undefined. */
export type Run = (value: unknown, args: unknown[], budget: Budget) => unknown

export type Filter = Signature & {
  run: Run
  /** Which parameter is the name of another filter, or of a test. */
  names?: { kind: 'filter' | 'test'; at: number }
}
