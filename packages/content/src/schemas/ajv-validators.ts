import formats from 'ajv-formats'
import { Ajv2020, MissingRefError } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { type Budget, cutText, limits } from '@longhaul/core'
import { LRUCache } from 'lru-cache'
import { TookTooLong, withinBudget } from '../work/time-limit.ts'
import { isLinear } from './linear-schema.ts'
import { linearPattern } from './linear-pattern.ts'

/** Whether a validator finds all errors or stops at the first one. */
export type ErrorMode = 'all' | 'first'

/** A schema that can be used, and whether its checks take linear time; or the reason why it cannot be used. */
export type Compiled =
  | { fits: ValidateFunction; isLinear: boolean }
  | { problem: string; tooSlow?: true }

/** The time limit for compiling one schema, in milliseconds. It is paid from the budget. */
export const compileTime = limits.schema.compile

/**
 * Every error is an object, and each part of a value or of a schema may have one. So all errors are collected only for
 * small JSON.
 */
export function errorModeFor(json: string): ErrorMode {
  return json.length > 4 * 1024 ? 'first' : 'all'
}

/** Whether a schema is in the cache, in the mode that a text needs. */
export function isCompiled(schema: string, json: string): boolean {
  return compiled.has(cacheKeyOf(schema, errorModeFor(json)))
}

/** The validator of a schema, which is JSON. The result is cached. */
export function validatorOf(schema: string, mode: ErrorMode, budget: Budget): Compiled {
  const key = cacheKeyOf(schema, mode)
  const known = compiled.get(key)
  if (known !== undefined) return known
  const time = budget.milliseconds
  const result = compile(JSON.parse(schema), mode, budget)
  // A compilation that took too long because little time was left may succeed another time.
  if (!('tooSlow' in result) || time >= compileTime) compiled.set(key, result)
  return result
}

/**
 * Validators hold much more memory than the text of their schema. Problems are cached, too, since they cost as much.
 */
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
    return { fits: withinBudget(budget, run, compileTime), isLinear: isLinear(schema) }
  } catch (error) {
    if (error instanceof TookTooLong) {
      return { problem: 'it takes too long to compile', tooSlow: true }
    }
    return { problem: whyNotCompiled(error) }
  }
}

/** A message that, unlike the library's own, does not name the library. */
function whyNotCompiled(error: unknown): string {
  if (error instanceof MissingRefError) {
    return `has a reference that leads to nothing: ${cutText(error.missingRef, 200)}`
  }
  return 'cannot be used as it is: try a simpler schema'
}

/**
 * Makes an instance for one compilation. A shared instance would keep ids, and the id of one schema could hide that of
 * another. An interrupted instance would treat an incomplete compilation as complete.
 */
function newAjv(mode: ErrorMode): Ajv2020 {
  const ajv = new Ajv2020({
    meta: false,
    validateSchema: false,
    strict: false,
    allErrors: mode === 'all',
    logger: false,
    ownProperties: true,
    // Otherwise the target of many references would be compiled once for each reference.
    inlineRefs: false,
    code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) },
  })
  formats.default(ajv)
  return ajv
}

/** The validator of schemas. It is compiled on first use, and no request pays for that. */
export function metaValidator(mode: ErrorMode): ValidateFunction | undefined {
  return metaSchemas[mode].getSchema('https://json-schema.org/draft/2020-12/schema')
}

const metaSchemas = {
  all: new Ajv2020({ strict: false, allErrors: true, logger: false }),
  first: new Ajv2020({ strict: false, logger: false }),
}
