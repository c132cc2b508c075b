import { ownValue } from '../output.ts'

/** The variables of a part of a template: its own, then those of the outer scopes. */
export type Scope = {
  get(name: string): unknown
  set(name: string, value: unknown): void
}

export function globalScope(variables: Record<string, unknown>): Scope {
  return scopeBefore((name) => ownValue(variables, name))
}

export function innerScope(outer: Scope): Scope {
  return scopeBefore((name) => outer.get(name))
}

function scopeBefore(outer: (name: string) => unknown): Scope {
  const own = new Map<string, unknown>()
  return {
    get: (name) => (own.has(name) ? own.get(name) : outer(name)),
    set: (name, value) => void own.set(name, value),
  }
}
