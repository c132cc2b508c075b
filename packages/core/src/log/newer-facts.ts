import { type Fact, factVersion } from './fact.ts'

/** Whether a newer version of this code recorded some of these facts: a state folded here would not be theirs. */
export function areNewer(facts: readonly Fact[]): boolean {
  return facts.some(({ v }) => v > factVersion)
}

/** Those that this code can read. */
export function readable(facts: readonly Fact[]): Fact[] {
  return facts.filter(({ v }) => v <= factVersion)
}
