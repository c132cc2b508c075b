import formats from 'ajv-formats'
import { Ajv2020, MissingRefError } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { type Budget, cutText, limits } from '@longhaul/core'
import { LRUCache } from 'lru-cache'
import { TookTooLong, withinBudget } from '../work/time-limit.ts'
import { linearPattern } from './linear-pattern.ts'

/** Whether a validator finds all errors or stops at the first one. */
export type ErrorMode = 'all' | 'first'

/** A schema that can be used, or the reason why it cannot. */
export type Compiled = { fits: ValidateFunction } | { problem: string; tooSlow?: true }

/** The most that compiling one schema may take of a budget, in milliseconds. */
export const compileTime = limits.schema.compile

/**
 * Each error is an object, and a value or a schema may have one at every place. All of them are found only where the
 * JSON is small.
 */
export function errorModeFor(json: string): ErrorMode {
  return json.length > 4 * 1024 ? 'first' : 'all'
}

/** Whether a schema was compiled lately, in the mode that a text needs. */
export function isCompiled(schema: string, json: string): boolean {
  return compiled.has(cacheKeyOf(schema, errorModeFor(json)))
}

/** The validator of a schema, which is JSON. It is remembered. */
export function validatorOf(schema: string, mode: ErrorMode, budget: Budget): Compiled {
  const key = cacheKeyOf(schema, mode)
  const known = compiled.get(key)
  if (known !== undefined) return known
  const time = budget.milliseconds
  const result = compile(JSON.parse(schema), mode, budget)
  // What took too long because little time was left may be fine another time.
  if (!('tooSlow' in result) || time >= compileTime) compiled.set(key, result)
  return result
}

/** Validators hold much more memory than the text of their schema. Problems are as expensive to find. */
const compiled = new LRUCache<string, Compiled>({
  max: limits.schema.remembered,
  maxSize: 1024 * 1024,
  sizeCalculation: (_, key) => key.length,
})

function cacheKeyOf(schema: string, mode: ErrorMode): string {
  return mode === 'all' ? schema : `${mode} ${schema}`
}

export function compile(schema: unknown, mode: ErrorMode, budget: Budget): Compiled {
  const run = () => newAjv(mode).compile(schema as object)
  try {
    return { fits: withinBudget(budget, run, compileTime) }
  } catch (error) {
    if (error instanceof TookTooLong) {
      return { problem: 'it takes too long to compile', tooSlow: true }
    }
    return { problem: whyNotCompiled(error) }
  }
}

/** The message does not name the library, as the library's own does. */
function whyNotCompiled(error: unknown): string {
  if (error instanceof MissingRefError) {
    return `has a reference that leads to nothing: ${cutText(error.missingRef, 200)}`
  }
  return 'cannot be used as it is: try a simpler schema'
}

/**
 * One for each compilation. A shared one would remember ids, and the id of one schema could hide that of another. One
 * that was interrupted takes what it has begun for compiled.
 */
function newAjv(mode: ErrorMode): Ajv2020 {
  const ajv = new Ajv2020({
    meta: false,
    validateSchema: false,
    strict: false,
    allErrors: mode === 'all',
    logger: false,
    ownProperties: true,
    // A schema that refers to a place many times would otherwise be compiled as many times.
    inlineRefs: false,
    code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) },
  })
  formats.default(ajv)
  return ajv
}

/** The validator of schemas. It is compiled when it is first needed, and no request pays for that. */
export function metaValidator(mode: ErrorMode): ValidateFunction | undefined {
  return metaSchemas[mode].getSchema('https://json-schema.org/draft/2020-12/schema')
}

const metaSchemas = {
  all: new Ajv2020({ strict: false, allErrors: true, logger: false }),
  first: new Ajv2020({ strict: false, logger: false }),
}
