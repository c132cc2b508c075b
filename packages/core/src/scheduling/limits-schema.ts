import { z } from 'zod'
import { defined } from '../lib/defined.ts'
import { invalid } from '../lib/errors.ts'
import { maxShards } from '../lib/ids.ts'
import { limits as constants } from '../limits/limits.ts'
import { isFairnessKey } from './fairness-key.ts'
import type { WorkspaceLimits } from './workspace-limits.ts'

const bounds = constants.workspaceLimits

/** How an override of a fairness key is named in JSON, before the key. */
const keyPrefix = 'fairness_key:'

const rate = {
  requests_per_minute: whole(1, 1e9),
  tokens_per_minute: whole(1, 1e12),
}

const keyLimits = {
  running: whole(1, 1e6),
  weight: amount(0.001, 1_000),
}

const simple = {
  requests_per_second: amount(0.001, 1e6).meta({
    description: 'Turns that may be submitted per second.',
  }),
  burst: whole(1, 1e6).meta({ description: 'Turns that may be submitted at once.' }),
  queued: whole(0, 1e9).meta({ description: 'Turns that wait for a worker. Default: 100,000.' }),
  running: whole(1, 1e6).meta({ description: 'Turns that run at once.' }),
  running_per_fairness_key: whole(1, 1e6).meta({
    description: 'Turns of one fairness key that run at once.',
  }),
  weight: amount(0.001, 1_000).meta({
    description: 'The share of the slots in relation to other workspaces. Default: 1.',
  }),
  streams: whole(0, 1e6).meta({
    description: 'Open streams and waiting requests. Default: 1,000.',
  }),
  tasks: whole(0, 1e12).meta({ description: 'Tasks that are kept.' }),
  bytes: whole(0, 1e15).meta({ description: 'Bytes of the tasks that are kept.' }),
  paused: z.boolean('must be true or false').meta({
    description: 'Whether no turn of the workspace starts. Default: false.',
  }),
  spread: whole(1, maxShards).meta({
    description: 'Shards over which new tasks are spread. Default: 1.',
  }),
}

const patternForm =
  'must name models: provider/model, with * at the end for all that begin so, or * alone'
const keyForm = `must be ${keyPrefix} and then a fairness key of 1 to ${constants.fairnessKey} bytes`

function isPattern(name: string): boolean {
  return /^(?:\*|[a-z0-9][^\s*/]{0,63}\/[^\s*]{0,255}\*?)$/.test(name)
}

function isKeyName(name: string): boolean {
  return name.startsWith(keyPrefix) && isFairnessKey(name.slice(keyPrefix.length))
}

const modelsMeta = {
  description:
    'Rates of models: for each pattern of model ids, such as `openai/*`, the requests and tokens per minute.',
}
const overridesMeta = {
  description:
    'Limits of single fairness keys, as `fairness_key:` and the key, in place of those of every key.',
}

/** The limits of a workspace as JSON: in `LONGHAUL_LIMITS` and in replies. */
export const LimitsObject = z.object({
  ...optional(simple),
  models: ofModels(z.object(optional(rate)))
    .optional()
    .meta(modelsMeta),
  overrides: ofKeys(z.object(optional(keyLimits)))
    .optional()
    .meta(overridesMeta),
})
export type LimitsObject = z.infer<typeof LimitsObject>

/** A change of the limits of a workspace: a field replaces that of the workspace, and null removes it. */
export const LimitsPatch = z.object({
  ...nullish(simple),
  models: ofModels(z.object(nullish(rate)).nullable())
    .nullish()
    .meta(modelsMeta),
  overrides: ofKeys(z.object(nullish(keyLimits)).nullable())
    .nullish()
    .meta(overridesMeta),
})
export type LimitsPatch = z.infer<typeof LimitsPatch>

/** The limits after a change. Nested objects are merged, too; what is empty then is removed. Throws `invalid`. */
export function mergeLimits(before: LimitsObject, patch: LimitsPatch): LimitsObject {
  const { success, data, error } = LimitsObject.safeParse(merged(before, patch))
  if (success) return data
  const [issue] = error.issues
  throw invalid(issue?.path.join('.') ?? '', issue?.message ?? '')
}

type Plain = Record<string, unknown>

function merged(before: Plain, patch: Plain): Plain {
  const after = { ...before }
  for (const [name, value] of Object.entries(patch)) {
    const next = isPlain(value) ? merged(plainIn(before, name), value) : value
    if (next === null || (isPlain(next) && Object.keys(next).length === 0)) {
      Reflect.deleteProperty(after, name)
    } else if (next !== undefined) after[name] = next
  }
  return after
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null
}

function plainIn(object: Plain, name: string): Plain {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  return isPlain(value) ? value : {}
}

/** The limits that a JSON object describes. */
export function limitsOf(object: LimitsObject): WorkspaceLimits {
  const { requests_per_second, running_per_fairness_key, models, overrides, ...same } = object
  return defined({
    ...same,
    requestsPerSecond: requests_per_second,
    runningPerFairnessKey: running_per_fairness_key,
    models:
      models &&
      each(models, (pattern, { requests_per_minute, tokens_per_minute }) => [
        pattern,
        defined({
          requestsPerMinute: requests_per_minute,
          tokensPerMinute: tokens_per_minute,
        }),
      ]),
    fairnessKeys: overrides && each(overrides, (name, own) => [name.slice(keyPrefix.length), own]),
  })
}

/** The JSON object that describes limits. */
export function limitsObjectOf(limits: WorkspaceLimits): LimitsObject {
  const { requestsPerSecond, runningPerFairnessKey, models, fairnessKeys, ...same } = limits
  return defined({
    ...same,
    requests_per_second: requestsPerSecond,
    running_per_fairness_key: runningPerFairnessKey,
    models:
      models &&
      each(models, (pattern, { requestsPerMinute, tokensPerMinute }) => [
        pattern,
        defined({ requests_per_minute: requestsPerMinute, tokens_per_minute: tokensPerMinute }),
      ]),
    overrides: fairnessKeys && each(fairnessKeys, (key, own) => [keyPrefix + key, defined(own)]),
  })
}

function each<T, R>(
  record: Record<string, T>,
  of: (name: string, value: T) => [string, R],
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => of(name, value)))
}

function whole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`
  return z.int(error).min(least, { error, abort: true }).max(most, { error, abort: true })
}

function amount(least: number, most: number) {
  const error = `must be a number from ${least} to ${most}`
  return z.number(error).min(least, { error, abort: true }).max(most, { error, abort: true })
}

function ofModels<T extends z.ZodType>(type: T) {
  return named(type, { isName: isPattern, form: patternForm, most: bounds.patterns })
}

function ofKeys<T extends z.ZodType>(type: T) {
  return named(type, { isName: isKeyName, form: keyForm, most: bounds.fairnessKeys })
}

type Names = { isName: (name: string) => boolean; form: string; most: number }

/** An object with names of a form, and at most so many of them. */
function named<T extends z.ZodType>(type: T, { isName, form, most }: Names) {
  return z.record(z.string(), type).superRefine((value, context) => {
    const names = Object.keys(value)
    if (names.length > most)
      context.addIssue({ code: 'custom', message: `must have at most ${most} entries` })
    for (const name of names)
      if (!isName(name)) context.addIssue({ code: 'custom', path: [name], message: form })
  })
}

type Shape = Readonly<Record<string, z.ZodType>>

function optional<S extends Shape>(shape: S): { [N in keyof S]: z.ZodOptional<S[N]> } {
  return mapped(shape, (type) => type.optional()) as { [N in keyof S]: z.ZodOptional<S[N]> }
}

function nullish<S extends Shape>(
  shape: S,
): { [N in keyof S]: z.ZodOptional<z.ZodNullable<S[N]>> } {
  return mapped(shape, (type) => type.nullish()) as {
    [N in keyof S]: z.ZodOptional<z.ZodNullable<S[N]>>
  }
}

function mapped(shape: Shape, of: (type: z.ZodType) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, of(type)]))
}
