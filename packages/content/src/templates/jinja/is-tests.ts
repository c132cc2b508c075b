import { cutText } from '@longhaul/core'
import { broken } from '../output.ts'
import type { Budget } from './step-budget.ts'
import { contains } from './contains.ts'
import { areEqual, compare, isMap, isMissing, integerOf } from './values.ts'

type Holds = (value: unknown, argument: unknown, budget: Budget) => boolean

/** The result of a test such as `value is odd`. */
export function holds(
  name: string,
  [value, argument]: [value: unknown, argument?: unknown],
  budget: Budget,
): boolean {
  const test = isTests.get(name)
  if (test === undefined) throw broken(`uses the test ${cutText(name, 100)}, which is unknown`)
  budget.step()
  return test.holds(value, argument, budget)
}

const plain: Record<string, Holds> = {
  defined: (value) => value !== undefined,
  undefined: (value) => value === undefined,
  none: isMissing,
  true: (value) => value === true,
  false: (value) => value === false,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  float: (value) => typeof value === 'number' && !Number.isInteger(value),
  mapping: isMap,
  sequence: isIterable,
  iterable: isIterable,
  odd: (value) => integerOf(value) % 2 !== 0,
  even: (value) => integerOf(value) % 2 === 0,
  lower: (value, _, budget) => isUnchanged(value, (text) => text.toLowerCase(), budget),
  upper: (value, _, budget) => isUnchanged(value, (text) => text.toUpperCase(), budget),
}

const comparing: Record<string, Holds> = {
  eq: areEqual,
  equalto: areEqual,
  '==': areEqual,
  ne: (value, argument, budget) => !areEqual(value, argument, budget),
  '!=': (value, argument, budget) => !areEqual(value, argument, budget),
  lt: (value, argument, budget) => compare(value, argument, budget) < 0,
  '<': (value, argument, budget) => compare(value, argument, budget) < 0,
  le: (value, argument, budget) => compare(value, argument, budget) <= 0,
  '<=': (value, argument, budget) => compare(value, argument, budget) <= 0,
  gt: (value, argument, budget) => compare(value, argument, budget) > 0,
  '>': (value, argument, budget) => compare(value, argument, budget) > 0,
  ge: (value, argument, budget) => compare(value, argument, budget) >= 0,
  '>=': (value, argument, budget) => compare(value, argument, budget) >= 0,
  in: (value, argument, budget) => contains(argument, value, budget),
  divisibleby: (value, argument) => integerOf(value) % integerOf(argument) === 0,
}

type Test = { holds: Holds; compares: boolean }

/** Tests by name. `select` and similar filters have a parameter for the value that a comparing test needs. */
export const isTests: ReadonlyMap<string, Test> = new Map([
  ...named(plain, false),
  ...named(comparing, true),
])

function named(tests: Record<string, Holds>, compares: boolean): [name: string, test: Test][] {
  return Object.entries(tests).map(([name, test]) => [name, { holds: test, compares }])
}

function isIterable(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value) || isMap(value)
}

function isUnchanged(value: unknown, change: (text: string) => string, budget: Budget): boolean {
  if (typeof value !== 'string') return false
  budget.characters(value.length)
  return value === change(value)
}
