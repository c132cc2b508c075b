import type { ValidateFunction } from 'ajv/dist/2020.js'
import { type Budget, createBudget, type FieldError, limits, OverBudget } from '@longhaul/core'
import { LRUCache } from 'lru-cache'
import { TookTooLong, withinBudget } from '../work/time-limit.ts'
import { compile, compileTime, errorModeFor, metaValidator } from './ajv-validators.ts'
import { messageOf, namedErrors, pathOf } from './describe-errors.ts'
import { isDeeperThan, isObject } from './json-values.ts'
import { wrongKeywords } from './wrong-keywords.ts'

const { length: maxLength, depth: maxDepth } = limits.schema
/** The largest number of problems that are named. */
const maxProblems = 20

/**
 * The problems of a schema, if its form or an earlier check shows them; otherwise the schema as JSON, to be checked.
 */
export function knownProblems(schema: unknown): FieldError[] | { json: string } {
  if (!isObject(schema)) {
    return [{ path: '', message: 'must be a JSON Schema, which is an object' }]
  }
  if (isDeeperThan(schema, maxDepth)) {
    return [{ path: '', message: `is nested deeper than ${maxDepth} levels` }]
  }
  const json = JSON.stringify(schema)
  if (json.length > maxLength) {
    return [{ path: '', message: `is longer than ${maxLength / 1024} KB` }]
  }
  return checked.get(json) ?? { json }
}

/**
 * The problems of a schema (2020-12); empty when it can be stored. References must stay within the schema. Patterns
 * must have RE2's syntax, which cannot stall: no look-around, no back-references. All schemas of a request share one
 * budget. In the event loop (`atOnce`) a schema that takes too long throws an OverBudget, so that it is checked again
 * on a thread. On a thread it is a problem of the schema.
 */
export function checkSchema(
  json: string,
  budget = createBudget(),
  { atOnce = false } = {},
): FieldError[] {
  const known = checked.get(json)
  if (known !== undefined) return known
  const time = budget.milliseconds
  const found = problemsOf(json, budget)
  if (found === undefined && atOnce) throw new OverBudget('the schema takes too long to compile')
  // A check that took too long because little time was left may succeed another time.
  if (found !== undefined || time >= compileTime) checked.set(json, found ?? tooSlow)
  return found ?? tooSlow
}

/** Caches the result of a check on a thread. */
export function rememberChecked(json: string, found: FieldError[]): void {
  if (found[0]?.message !== tooSlow[0]?.message) checked.set(json, found)
}

/** The problems of schemas that were checked lately, since requests often send the same schemas. */
const checked = new LRUCache<string, FieldError[]>({
  max: limits.schema.remembered,
  maxSize: 4 * 1024 * 1024,
  sizeCalculation: (_, json) => json.length,
})

export const tooSlow: FieldError[] = [
  { path: '', message: 'takes too long to compile: make it smaller' },
]

/** The problems of a schema; undefined when the check takes too long. */
function problemsOf(json: string, budget: Budget): FieldError[] | undefined {
  const schema = JSON.parse(json) as Record<string, unknown>
  const validate = metaValidator(errorModeFor(json))
  const find = () =>
    [...wrongKeywords(schema, maxProblems), ...metaErrors(schema, validate)].slice(0, maxProblems)
  try {
    const found = withinBudget(budget, find, compileTime)
    if (found.length > 0) return found
  } catch (error) {
    if (error instanceof TookTooLong) return undefined
    throw error
  }
  const result = compile(schema, 'all', budget)
  if ('tooSlow' in result) return undefined
  return 'problem' in result ? [{ path: '', message: result.problem }] : []
}

function metaErrors(schema: unknown, validate: ValidateFunction | undefined): FieldError[] {
  if (validate === undefined || validate(schema)) return []
  const errors = (validate.errors ?? []).slice(0, namedErrors)
  return errors.map((error) => ({ path: pathOf(error), message: messageOf(error) }))
}
