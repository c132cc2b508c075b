import type { Violation } from '../checks/check.ts'
import type { AtEnd } from '../cluster/at-end.ts'
import type { Cut } from './cut.ts'

/** A part of the product that a promise needs, and an experiment that shows it. */
export type Safeguard = {
  name: string
  /** The changes of the source that remove the safeguard. */
  cuts: Cut[]
  /** Changes that every run of the experiment needs, with and without the safeguard. */
  always?: Cut[]
  /** Creates the situation that the safeguard is for, and returns the violations. */
  experiment: (cuts: Cut[], atEnd: AtEnd) => Promise<Violation[]>
}
