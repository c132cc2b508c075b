import { z } from 'zod'
import { outputTokensAskedFor } from '../manifest/model-parameters.ts'
import { defined } from '../lib/defined.ts'
import type { ModelChoice, Plan } from '../manifest/plan.ts'
import type { Message } from '../history/message.ts'
import { tokensOf, tokensOfPlan, tokensOfText } from '../history/tokens.ts'
import { usualAnswer } from '../turn/context-window.ts'
import type { ModelRate } from './workspace-limits.ts'

/** Rates by pattern of model ids. */
export type ModelRates = Readonly<Record<string, ModelRate>>

/** The rates that apply to a call: those of the operator, which all workspaces share, and those of the workspace. */
export type RateTables = { operator: ModelRates; workspace: ModelRates }

/** A bucket of a rate. */
export type RateBucket = {
  of: keyof RateTables
  pattern: string
  unit: 'requests' | 'tokens'
  perMinute: number
}

const perMinute = z.int().min(1).max(1_000_000_000_000)

/** Rates on the wire: `{"openai/*":{"requests_per_minute":500,"tokens_per_minute":400000}}`. */
const WireModelRates = z
  .record(
    z.string().refine(isModelPattern, 'must be a model id, in which * stands for any text'),
    z.strictObject({
      requests_per_minute: perMinute.optional(),
      tokens_per_minute: perMinute.optional(),
    }),
  )
  .refine((rates) => Object.keys(rates).length <= 100, 'must have at most 100 patterns')

/** The rates of a text of JSON; undefined when it has another form. */
export function parseModelRates(text: string): ModelRates | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { success, data } = WireModelRates.safeParse(value)
  if (!success) return undefined
  const rates = Object.entries(data).map(([pattern, wire]): [string, ModelRate] => {
    const { requests_per_minute: requestsPerMinute, tokens_per_minute: tokensPerMinute } = wire
    return [pattern, defined({ requestsPerMinute, tokensPerMinute })]
  })
  return Object.fromEntries(rates)
}

/** Whether a text may be a pattern of model ids: a model id in which `*` stands for any text. */
export function isModelPattern(text: string): boolean {
  return /^[\w.@:/*-]{1,128}$/.test(text)
}

/** Whether a pattern is that of a model: `*` stands for any text. */
export function matchesModel(pattern: string, id: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return id === first
  if (!id.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = id.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return id.length >= at + last.length && id.endsWith(last)
}

/** The buckets from which a call of a model takes: those of every pattern that matches. */
export function bucketsOf(id: string, tables: RateTables): RateBucket[] {
  return [...bucketsIn('workspace', id, tables), ...bucketsIn('operator', id, tables)]
}

function bucketsIn(of: keyof RateTables, id: string, tables: RateTables): RateBucket[] {
  return Object.entries(tables[of]).flatMap(([pattern, rate]) => {
    if (!matchesModel(pattern, id)) return []
    const { requestsPerMinute: requests, tokensPerMinute: tokens } = rate
    const found: RateBucket[] = []
    if (requests !== undefined) found.push({ of, pattern, unit: 'requests', perMinute: requests })
    if (tokens !== undefined) found.push({ of, pattern, unit: 'tokens', perMinute: tokens })
    return found
  })
}

/**
 * The class of a model: models of one class share all their buckets, so nothing is left for any of them when nothing is
 * left for one. `undefined` for a
 * model without a rate. A class with a bucket of the workspace belongs to that workspace.
 */
export function modelClassOf(
  id: string,
  workspace: string,
  tables: RateTables,
): string | undefined {
  const buckets = bucketsOf(id, tables)
  if (buckets.length === 0) return undefined
  const names = new Set(
    buckets.map(({ of, pattern }) => `${of === 'operator' ? '' : workspace}:${pattern}`),
  )
  return [...names].toSorted().join(' ')
}

/** The tokens that a call may use: an estimate of its input, and what the model may write. */
export function tokensToReserve(
  plan: Plan,
  { history, directions }: { history: readonly Message[]; directions: readonly string[] },
  { parameters }: ModelChoice,
): number {
  const sent = history.reduce((sum, message) => sum + tokensOf(message), 0)
  const added = directions.reduce((sum, text) => sum + tokensOfText(text), 0)
  return tokensOfPlan(plan) + sent + added + (outputTokensAskedFor(parameters) ?? usualAnswer)
}
