import { broken, ownValue, printed } from '../output.ts'
import type { Budget } from './step-budget.ts'

/**
 * A namespace, whose values a template may change. It is read only by name, so a namespace that contains itself is
 * harmless.
 */
export class Namespace {
  readonly #values: Map<string, unknown>

  constructor(values: Iterable<readonly [string, unknown]>) {
    this.#values = new Map(values)
  }

  get(name: string): unknown {
    return this.#values.get(name)
  }

  set(name: string, value: unknown) {
    this.#values.set(name, value)
  }
}

export function isTruthy(value: unknown, budget: Budget): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) ? keysOf(value, budget).length > 0 : Boolean(value)
}

export function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Namespace)
  )
}

/** The value of `value.key` or `value[key]`; missing when there is none. */
export function memberOf(value: unknown, key: unknown): unknown {
  if (typeof key !== 'string' && typeof key !== 'number') return undefined
  if (value instanceof Namespace) return value.get(String(key))
  if (typeof key === 'number' && (Array.isArray(value) || typeof value === 'string')) {
    return (value as ArrayLike<unknown> & { at(i: number): unknown }).at(key)
  }
  return ownValue(value, String(key))
}

/** The value at a path such as `a.b.0`, or at an index. */
export function valueAt(value: unknown, path: unknown, budget: Budget): unknown {
  if (typeof path !== 'string') return memberOf(value, path)
  budget.characters(path.length)
  return path.split('.').reduce<unknown>((at, name) => memberOf(at, name), value)
}

/** A missing value equals only null. Lists and maps are equal when all their values are. */
export function areEqual(one: unknown, other: unknown, budget: Budget): boolean {
  budget.whole(one)
  budget.whole(other)
  return haveSame(one, other)
}

function haveSame(one: unknown, other: unknown): boolean {
  if (isMissing(one)) return isMissing(other)
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, i) => haveSame(item, other[i]))
  }
  if (isMap(one) && isMap(other)) {
    const keys = Object.keys(one)
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && haveSame(one[key], other[key]))
    )
  }
  return one === other
}

/** Less than zero when `one` comes before `other`. Only numbers, or only texts, can be compared. */
export function compare(one: unknown, other: unknown, budget: Budget): number {
  budget.items(1)
  if (typeof one === 'number' && typeof other === 'number') return one - other
  if (typeof one === 'string' && typeof other === 'string') {
    budget.characters(Math.min(one.length, other.length))
    return one < other ? -1 : one > other ? 1 : 0
  }
  throw broken(`compares ${kindOf(one)} with ${kindOf(other)}`)
}

export function keysOf(map: Record<string, unknown>, budget: Budget): string[] {
  const keys = Object.keys(map)
  budget.items(keys.length)
  return keys
}

/** The items for a loop or a list filter: the items of a list, the keys of a map, the characters of a text. */
export function itemsOf(value: unknown, budget: Budget): unknown[] {
  if (isMissing(value)) return []
  if (Array.isArray(value)) {
    budget.items(value.length)
    return value
  }
  if (isMap(value)) return keysOf(value, budget)
  if (typeof value !== 'string') throw broken(`goes through ${kindOf(value)} as through a list`)
  budget.items(value.length)
  return Array.from(value)
}

/** A value as it is printed. */
export function textOf(value: unknown, budget: Budget): string {
  if (typeof value === 'object') budget.whole(value)
  return printed(value)
}

/** The value as a number for arithmetic: never a text, and always finite. */
export function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw broken(`counts with ${kindOf(value)}`)
  if (!Number.isFinite(value)) throw broken('divides by zero, or comes to a number too large')
  return value
}

export function integerOf(value: unknown): number {
  const number = numberOf(value)
  if (!Number.isSafeInteger(number)) throw broken(`counts with ${number}, which is no whole number`)
  return number
}

export function kindOf(value: unknown): string {
  if (isMissing(value)) return 'a missing value'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return value instanceof Namespace ? 'a namespace' : 'a map'
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : 'a boolean'
}
