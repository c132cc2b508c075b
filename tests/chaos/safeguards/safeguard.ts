import type { Violation } from '../checks/check.ts'
import type { AtEnd } from '../cluster/at-end.ts'
import type { Cut } from './sabotage.ts'

/** Something without which a promise would be broken, and how to see that. */
export type Safeguard = {
  name: string
  /** What takes it away. */
  cuts: Cut[]
  /** Brings about what it is there for, and says what was broken. */
  experiment: (cuts: Cut[], atEnd: AtEnd) => Promise<Violation[]>
}
