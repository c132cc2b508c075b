import formats from 'ajv-formats'
import { Ajv2020, MissingRefError } from 'ajv/dist/2020.js'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { RE2JS } from 're2js'
import { type Budget, createBudget, type FieldError, limits } from '@longhaul/core'
import { TookTooLong, withinBudget } from './within.ts'

const maxLength = limits.schema.length
const maxDepth = limits.schema.depth
/** The most that one schema or one value may take of a budget, in milliseconds. */
const patience = { compile: limits.schema.compile, check: limits.schema.check }
const kept = limits.schema.remembered
const shown = 3

/** A schema that can be used, or the reason why it cannot. */
type Compiled = { fits: ValidateFunction } | { problem: string; tooSlow?: true }

/** By the schema as JSON, the latest used last. Problems are kept, too: they are as expensive to find. */
const compiled = new Map<string, Compiled>()
const metaSchema = new Ajv2020({ strict: false, allErrors: true, logger: false })

/**
 * What keeps a schema (2020-12) from being stored; empty when nothing does. References must stay
 * within the schema, and patterns must be RE2's, which cannot stall: no look-around, no
 * back-references. Out of one budget are all schemas of a request.
 */
export function checkSchema(schema: unknown, budget = createBudget()): FieldError[] {
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
  const known = checked.get(json)
  if (known !== undefined) return known
  const most = budget.milliseconds
  const found = problemsOf(schema, budget)
  // What took too long because little time was left may be fine another time.
  if (found !== undefined || most >= patience.compile) remember(checked, json, found ?? tooSlow)
  return found ?? tooSlow
}

/** What was found of a schema, by the schema as JSON: requests bring the same ones again and again. */
const checked = new Map<string, FieldError[]>()
const tooSlow = [{ path: '', message: 'takes too long to compile: make it smaller' }]

/** Undefined when it takes too long to find out. */
function problemsOf(schema: Record<string, unknown>, budget: Budget): FieldError[] | undefined {
  try {
    const find = () => [...wrongKeywords(schema), ...misshapes(schema)]
    const found = withinBudget(budget, find, patience.compile)
    if (found.length > 0) return found
  } catch (error) {
    if (error instanceof TookTooLong) return undefined
    throw error
  }
  const result = compile(schema, budget)
  if ('tooSlow' in result) return undefined
  return 'problem' in result ? [{ path: '', message: result.problem }] : []
}

/** Why a value does not fit a schema, the first few problems in one line; undefined when it fits. */
export function checkAgainstSchema(
  schema: unknown,
  value: unknown,
  budget = createBudget(),
): string | undefined {
  if (isDeeperThan(value, limits.jsonDepth)) {
    return `nested deeper than ${limits.jsonDepth} levels`
  }
  const result = remembered(schema, budget)
  if ('problem' in result) {
    const what = result.tooSlow ? 'could not be checked' : 'the schema cannot be used'
    return `${what}: ${result.problem}`
  }
  try {
    if (withinBudget(budget, () => result.fits(value), patience.check)) return undefined
    return inOneLine(result.fits.errors ?? [])
  } catch (error) {
    const reason = error instanceof TookTooLong ? error.message : 'the schema does not work for it'
    return `could not be checked: ${reason}`
  } finally {
    // Else the validator would hold on to pieces of the last value it refused.
    result.fits.errors = null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDeeperThan(value: unknown, depth: number): boolean {
  let level = [value]
  for (let at = 0; level.length > 0; at++) {
    if (at > depth) return true
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    )
  }
  return false
}

function wrongKeywords(schema: Record<string, unknown>): FieldError[] {
  return [...keywordsOf(schema, '')].flatMap(({ keyword, value, path }) => {
    if (/^\$(?:ref|dynamicRef)$/.test(keyword) && typeof value === 'string') {
      const message = 'may only refer to a place in this schema, "#/…"'
      return value.startsWith('#') ? [] : [{ path, message }]
    }
    if (keyword === 'enum' && Array.isArray(value) && value.length === 0) {
      return [{ path, message: 'needs at least one value' }]
    }
    if (keyword === 'pattern' && typeof value === 'string') return badPattern(value, path)
    if (keyword === 'patternProperties' && isObject(value)) {
      return Object.keys(value).flatMap((pattern) => badPattern(pattern, path))
    }
    return []
  })
}

/** The keywords of a schema and of the schemas in it, but not what is data or a name. */
function* keywordsOf(
  schema: unknown,
  path: string,
): Generator<{ keyword: string; value: unknown; path: string }> {
  if (Array.isArray(schema)) {
    for (const [index, item] of schema.entries()) yield* keywordsOf(item, `${path}[${index}]`)
  }
  if (!isObject(schema)) return
  for (const [keyword, value] of Object.entries(schema)) {
    const at = join(path, keyword)
    yield { keyword, value, path: at }
    if (holdsData.has(keyword)) continue
    if (holdsNames.has(keyword) && isObject(value)) {
      for (const [name, item] of Object.entries(value)) yield* keywordsOf(item, join(at, name))
    } else {
      yield* keywordsOf(value, at)
    }
  }
}

const holdsData = new Set(['const', 'enum', 'default', 'example', 'examples'])
const holdsNames = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function badPattern(pattern: string, path: string): FieldError[] {
  try {
    linearPattern(pattern)
    return []
  } catch (error) {
    return [{ path, message: `has a pattern that is not supported: ${reasonOf(error)}` }]
  }
}

function misshapes(schema: unknown): FieldError[] {
  const validate = metaSchema.getSchema('https://json-schema.org/draft/2020-12/schema')
  if (validate === undefined || validate(schema) === true) return []
  const errors = (validate.errors ?? []).slice(0, shown)
  return errors.map((error) => ({ path: placeOf(error), message: messageOf(error) }))
}

function remembered(schema: unknown, budget: Budget): Compiled {
  const key = JSON.stringify(schema)
  const most = budget.milliseconds
  const result = compiled.get(key) ?? compile(schema, budget)
  // What took too long because little time was left may be fine another time.
  if (!('tooSlow' in result) || most >= patience.compile) remember(compiled, key, result)
  return result
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > kept && oldest !== undefined) map.delete(oldest)
}

function compile(schema: unknown, budget: Budget): Compiled {
  try {
    return {
      fits: withinBudget(budget, () => newAjv().compile(schema as object), patience.compile),
    }
  } catch (error) {
    if (error instanceof TookTooLong) {
      return { problem: 'it takes too long to compile', tooSlow: true }
    }
    return { problem: whyNotCompiled(error) }
  }
}

/** In words of ours: the library's own name the library. */
function whyNotCompiled(error: unknown): string {
  if (error instanceof MissingRefError) {
    return `has a reference that leads to nothing: ${error.missingRef.slice(0, 200)}`
  }
  return 'cannot be used as it is: try a simpler schema'
}

/**
 * One for each try: a shared one would remember ids, and one's could hide another's; and one that was interrupted
 * takes what it has begun for compiled.
 */
function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    meta: false,
    validateSchema: false,
    strict: false,
    allErrors: true,
    logger: false,
    ownProperties: true,
    // A schema that refers to a place many times would otherwise be compiled as many times.
    inlineRefs: false,
    code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) },
  })
  formats.default(ajv)
  return ajv
}

/** Ajv asks for a RegExp and uses `test` alone. */
function linearPattern(pattern: string): RegExp {
  return RE2JS.compile(RE2JS.translateRegExp(pattern)) as unknown as RegExp
}

function inOneLine(errors: ErrorObject[]): string {
  // Of a million problems only a handful is put into words.
  const lines = [...new Set(errors.slice(0, 20).map(lineOf))]
  return lines.slice(0, shown).join('; ') + (lines.length > shown ? '; and more' : '')
}

function lineOf(error: ErrorObject): string {
  return `${placeOf(error)} ${messageOf(error)}`.trim()
}

/** `/items/0/name` as people write it: `items[0].name`. */
function placeOf(error: ErrorObject): string {
  return error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : join(path, step)), '')
    .slice(0, 200)
}

function messageOf(error: ErrorObject): string {
  const params: Record<string, unknown> = error.params
  const detail = params['additionalProperty'] ?? params['allowedValues'] ?? params['allowedValue']
  const message = error.message ?? `fails ${error.keyword}`
  return detail === undefined ? message : `${message}: ${JSON.stringify(detail).slice(0, 200)}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  return (error.message.split('\n')[0] ?? '').slice(0, 300)
}
