import { type Budget, createBudget, limits, OverBudget } from '@longhaul/core'
import { TookTooLong, withinBudget } from '../work/time-limit.ts'
import { errorModeFor, validatorOf } from './ajv-validators.ts'
import { inOneLine } from './describe-errors.ts'
import { isDeeperThan, isObject } from './json-values.ts'

/** What a text must be: JSON, an object where it says so, and fit for a schema where there is one, itself as JSON. */
export type JsonCheck = { json: string; object?: boolean; schema?: string }

/** Why it is not: the first few problems in one line, where it does not fit its schema. */
export type Misfit = { not: 'json' | 'object' } | { problem: string }

/**
 * In the event loop (`atOnce`) a check that takes too long throws an OverBudget, so that it begins again on a thread.
 * There it is a problem of the value.
 */
export function checkJson(
  { json, object = false, schema }: JsonCheck,
  budget = createBudget(),
  { atOnce = false } = {},
): Misfit | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { not: 'json' }
  }
  if (object && !isObject(value)) return { not: 'object' }
  if (schema === undefined) return undefined
  const problem = problemOf(value, { schema, json, budget, atOnce })
  return problem === undefined ? undefined : { problem }
}

function problemOf(
  value: unknown,
  {
    schema,
    json,
    budget,
    atOnce,
  }: Required<Pick<JsonCheck, 'schema' | 'json'>> & {
    budget: Budget
    atOnce: boolean
  },
): string | undefined {
  if (isDeeperThan(value, limits.jsonDepth)) {
    return `nested deeper than ${limits.jsonDepth} levels`
  }
  const result = validatorOf(schema, errorModeFor(json), budget)
  if ('problem' in result) {
    if (atOnce && result.tooSlow) throw new OverBudget(result.problem)
    const what = result.tooSlow ? notChecked : 'the schema cannot be used'
    return `${what}: ${result.problem}`
  }
  try {
    if (withinBudget(budget, () => result.fits(value), limits.schema.check)) return undefined
    return inOneLine(result.fits.errors ?? [])
  } catch (error) {
    const isSlow = error instanceof TookTooLong
    if (atOnce && isSlow) throw new OverBudget(error.message, { cause: error })
    return `${notChecked}: ${isSlow ? error.message : 'the schema does not work for it'}`
  } finally {
    // The validator would otherwise hold on to pieces of the last value it refused.
    result.fits.errors = null
  }
}

const notChecked = 'could not be checked'
export const checkedTooSlowly: Misfit = { problem: `${notChecked}: it takes too long` }
