import { type Budget, createBudget, limits, OverBudget } from '@longhaul/core'
import { TookTooLong, withinBudget } from '../work/time-limit.ts'
import { errorModeFor, validatorOf } from './ajv-validators.ts'
import { inOneLine } from './describe-errors.ts'
import { isDeeperThan, isObject } from './json-values.ts'

/**
 * A text that must be JSON; with `object`, a JSON object; with `schema`, which is JSON itself, valid for the schema.
 */
export type JsonCheck = { json: string; object?: boolean; schema?: string }

/** The reason why a text fails its check. `problem` names the first violations of the schema in one line. */
export type Misfit = { not: 'json' | 'object' } | { problem: string }

/**
 * Checks a text. In the event loop (`atOnce`) a check that takes too long throws an OverBudget, so that it begins again
 * on a thread. On a thread it is a problem of the value.
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
    const check = () => result.fits(value)
    const isSmall = result.isLinear && schema.length * json.length <= limits.schema.checkedAtOnce
    const isFit = isSmall ? paid(budget, check) : withinBudget(budget, check, limits.schema.check)
    if (isFit) return undefined
    return inOneLine(result.fits.errors ?? [])
  } catch (error) {
    const isSlow = error instanceof TookTooLong
    if (atOnce && isSlow) throw new OverBudget(error.message, { cause: error })
    return `${notChecked}: ${isSlow ? error.message : 'the schema does not work for it'}`
  } finally {
    // Otherwise the validator would keep pieces of the last refused value in memory.
    result.fits.errors = null
  }
}

/** Runs a check that is too short to be interrupted: the interruption costs far more. */
function paid<T>(budget: Budget, check: () => T): T {
  const startedAt = performance.now()
  try {
    return check()
  } finally {
    budget.milliseconds -= performance.now() - startedAt
  }
}

const notChecked = 'could not be checked'
export const checkedTooSlowly: Misfit = { problem: `${notChecked}: it takes too long` }
