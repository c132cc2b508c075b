import { type Fact, factVersion } from './fact.ts'

/**
 * Whether a newer version of this code recorded some of these facts. A state that this code folds from them would be
 * wrong.
 */
export function areNewer(facts: readonly Fact[]): boolean {
  return facts.some(({ v }) => v > factVersion)
}

/** The facts that this code can read. */
export function readable(facts: readonly Fact[]): Fact[] {
  return facts.filter(({ v }) => v <= factVersion)
}
