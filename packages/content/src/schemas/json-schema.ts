import formats from 'ajv-formats'
import { Ajv2020, MissingRefError } from 'ajv/dist/2020.js'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { LRUCache } from 'lru-cache'
import { RE2JS } from 're2js'
import {
  cutText,
  type Budget,
  createBudget,
  type FieldError,
  limits,
  OverBudget,
} from '@longhaul/core'
import { TookTooLong, withinBudget } from '../work/time-limit.ts'

const maxLength = limits.schema.length
const maxDepth = limits.schema.depth
/** The most that one schema or one value may take of a budget, in milliseconds. */
const patience = { compile: limits.schema.compile, check: limits.schema.check }
const shown = 3
/** How many problems of a schema are named. */
const named = 20

/**
 * In the event loop work that takes too long throws an OverBudget, so that it begins again on a thread. There it is
 * a problem of the schema or the value.
 */
type How = { atOnce?: boolean }

/** Which problems are found. */
type Problems = keyof typeof metaSchemas

/** A schema that can be used, or the reason why it cannot. */
type Compiled = { fits: ValidateFunction } | { problem: string; tooSlow?: true }

/** Validators hold much more memory than the text of their schema. Problems are as expensive to find. */
const compiled = new LRUCache<string, Compiled>({
  max: limits.schema.remembered,
  maxSize: 1024 * 1024,
  sizeCalculation: (_, name) => name.length,
})
/**
 * Each problem is an object, and a value or a schema may have one at every place: all of them are found only where that is
 * small, else the first one.
 */
const everyProblem = 4 * 1024
const metaSchemas = {
  all: new Ajv2020({ strict: false, allErrors: true, logger: false }),
  first: new Ajv2020({ strict: false, logger: false }),
}

/** The problems of a schema where its form tells them, or an earlier check; else the schema as JSON, to be checked. */
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
 * What keeps a schema (2020-12) from being stored; empty when nothing does. References must stay
 * within the schema, and patterns must be RE2's, which cannot stall: no look-around, no
 * back-references. Out of one budget are all schemas of a request.
 */
export function checkSchema(
  json: string,
  budget = createBudget(),
  { atOnce = false }: How = {},
): FieldError[] {
  const known = checked.get(json)
  if (known !== undefined) return known
  const most = budget.milliseconds
  const found = problemsOf(json, budget)
  if (found === undefined && atOnce) throw new OverBudget('the schema takes too long to compile')
  // What took too long because little time was left may be fine another time.
  if (found !== undefined || most >= patience.compile) checked.set(json, found ?? tooSlow)
  return found ?? tooSlow
}

/** What a thread has found of a schema. */
export function rememberChecked(json: string, found: FieldError[]): void {
  if (found[0]?.message !== tooSlow[0]?.message) checked.set(json, found)
}

/** What was found of a schema: requests bring the same ones again and again. */
const checked = new LRUCache<string, FieldError[]>({
  max: limits.schema.remembered,
  maxSize: 4 * 1024 * 1024,
  sizeCalculation: (_, json) => json.length,
})
export const tooSlow: FieldError[] = [
  { path: '', message: 'takes too long to compile: make it smaller' },
]

/** Undefined when it takes too long to find out. */
function problemsOf(json: string, budget: Budget): FieldError[] | undefined {
  const schema = JSON.parse(json) as Record<string, unknown>
  const validate = isSchema(problemsFor(json))
  try {
    const find = () => [...wrongKeywords(schema), ...misshapes(schema, validate)].slice(0, named)
    const found = withinBudget(budget, find, patience.compile)
    if (found.length > 0) return found
  } catch (error) {
    if (error instanceof TookTooLong) return undefined
    throw error
  }
  const result = compile(schema, 'all', budget)
  if ('tooSlow' in result) return undefined
  return 'problem' in result ? [{ path: '', message: result.problem }] : []
}

/** What a text must be: JSON, an object where it says so, and fit for a schema where there is one, itself as JSON. */
export type JsonCheck = { json: string; object?: boolean; schema?: string }

/** Why it is not: the first few problems in one line, where it does not fit its schema. */
export type Misfit = { not: 'json' | 'object' } | { problem: string }

export function checkJson(
  { json, object = false, schema }: JsonCheck,
  budget = createBudget(),
  how: How = {},
): Misfit | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { not: 'json' }
  }
  if (object && !isObject(value)) return { not: 'object' }
  const problems = problemsFor(json)
  const problem =
    schema === undefined ? undefined : misfitOf(schema, value, { budget, problems, ...how })
  return problem === undefined ? undefined : { problem }
}

function problemsFor(json: string): Problems {
  return json.length > everyProblem ? 'first' : 'all'
}

/** Whether a schema was compiled lately, for what a text needs. */
export function isCompiled(schema: string, json: string): boolean {
  return compiled.get(nameOf(schema, problemsFor(json))) !== undefined
}

function misfitOf(
  schema: string,
  value: unknown,
  { budget, problems, atOnce = false }: How & { budget: Budget; problems: Problems },
): string | undefined {
  if (isDeeperThan(value, limits.jsonDepth)) {
    return `nested deeper than ${limits.jsonDepth} levels`
  }
  const result = remembered(schema, problems, budget)
  if ('problem' in result) {
    if (atOnce && result.tooSlow) throw new OverBudget(result.problem)
    const what = result.tooSlow ? 'could not be checked' : 'the schema cannot be used'
    return `${what}: ${result.problem}`
  }
  try {
    if (withinBudget(budget, () => result.fits(value), patience.check)) return undefined
    return inOneLine(result.fits.errors ?? [])
  } catch (error) {
    const isSlow = error instanceof TookTooLong
    if (atOnce && isSlow) throw new OverBudget(error.message, { cause: error })
    return `${notChecked}: ${isSlow ? error.message : 'the schema does not work for it'}`
  } finally {
    // Else the validator would hold on to pieces of the last value it refused.
    result.fits.errors = null
  }
}

const notChecked = 'could not be checked'
export const checkedTooSlowly: Misfit = { problem: `${notChecked}: it takes too long` }

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

/** The first ones. */
function wrongKeywords(schema: Record<string, unknown>): FieldError[] {
  const found: FieldError[] = []
  for (const { keyword, value, path } of keywordsOf(schema, '')) {
    found.push(...wrongKeyword(keyword, value, cutText(path, longestPath)))
    if (found.length >= named) break
  }
  return found
}

function wrongKeyword(keyword: string, value: unknown, path: string): FieldError[] {
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
}

/** Of a place in a schema or a value, as it is shown. */
const longestPath = 200
/** A pattern, which a message repeats, may be as long as a schema. */
const longestMessage = 500

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

/** Compiled when it is first needed, which no request pays for. */
function isSchema(problems: Problems): ValidateFunction | undefined {
  return metaSchemas[problems].getSchema('https://json-schema.org/draft/2020-12/schema')
}

function misshapes(schema: unknown, validate: ValidateFunction | undefined): FieldError[] {
  if (validate === undefined || validate(schema)) return []
  const errors = (validate.errors ?? []).slice(0, shown)
  return errors.map((error) => ({ path: placeOf(error), message: messageOf(error) }))
}

function remembered(schema: string, problems: Problems, budget: Budget): Compiled {
  const name = nameOf(schema, problems)
  const known = compiled.get(name)
  if (known !== undefined) return known
  const most = budget.milliseconds
  const result = compile(JSON.parse(schema), problems, budget)
  // What took too long because little time was left may be fine another time.
  if (!('tooSlow' in result) || most >= patience.compile) compiled.set(name, result)
  return result
}

/** Under which a validator is remembered. */
function nameOf(schema: string, problems: Problems): string {
  return problems === 'all' ? schema : `${problems} ${schema}`
}

function compile(schema: unknown, problems: Problems, budget: Budget): Compiled {
  try {
    return {
      fits: withinBudget(
        budget,
        () => newAjv(problems).compile(schema as object),
        patience.compile,
      ),
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
    return `has a reference that leads to nothing: ${cutText(error.missingRef, 200)}`
  }
  return 'cannot be used as it is: try a simpler schema'
}

/**
 * One for each try: a shared one would remember ids, and one's could hide another's; and one that was interrupted
 * takes what it has begun for compiled.
 */
function newAjv(problems: Problems): Ajv2020 {
  const ajv = new Ajv2020({
    meta: false,
    validateSchema: false,
    strict: false,
    allErrors: problems === 'all',
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
  const place = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : join(path, step)), '')
  return cutText(place, longestPath)
}

function messageOf(error: ErrorObject): string {
  const params: Record<string, unknown> = error.params
  const detail = params['additionalProperty'] ?? params['allowedValues'] ?? params['allowedValue']
  const message = cutText(error.message ?? `fails ${error.keyword}`, longestMessage)
  return detail === undefined ? message : `${message}: ${cutText(JSON.stringify(detail), 200)}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  return cutText(error.message.split('\n')[0] ?? '', 300)
}
