import type { ModelFailed, Recorded } from '../log/fact.ts'
import { limits } from '../limits/limits.ts'
import type { ModelChoice } from '../manifest/plan.ts'
import type { State } from '../log/state.ts'

type Failure = ModelFailed & Recorded

/** A model that may be called, and when: `wait.ms` milliseconds after the time `wait.since`, or at once. */
export type NextModel = {
  modelIndex: number
  model: ModelChoice
  wait?: { ms: number; since: number }
}

/**
 * The model that a step calls next; undefined when none is left. The model that answered last is called first. A model
 * that fails is called a second time soon, then the next model of the chain is called. When all have failed, each waits
 * for its own pause.
 *
 * An agent's `retry` defines how often a model is called, and after which statuses. Without it, a model is called for
 * `patience` milliseconds from the first failure of the call, and a few times after unusable answers.
 */
export function nextModel(
  { reply, failures, at }: Pick<State, 'reply' | 'failures' | 'at'>,
  models: ModelChoice[],
  patience: number,
): NextModel | undefined {
  const first = reply?.modelIndex ?? 0
  if (failures.length === 0) {
    // The usual case.
    const model = models[first]
    return model && { modelIndex: first, model }
  }
  const until = (failures[0]?.at ?? 0) + patience
  const candidates = models.flatMap((model, modelIndex) => {
    if (modelIndex < first) return []
    const own = failures.filter((failure) => failure.modelIndex === modelIndex)
    const due = dueTime(model, own, until)
    return due === undefined ? [] : [{ modelIndex, model, failures: own, due }]
  })
  const latest = candidates.find(
    (candidate) => candidate.modelIndex === failures.at(-1)?.modelIndex,
  )
  const next =
    (latest && comesFirst(latest) ? latest : undefined) ??
    candidates.find(({ due }) => due <= at) ??
    candidates.toSorted((a, b) => a.due - b.due)[0]
  if (next === undefined) return undefined
  const { modelIndex, model, due } = next
  const since = next.failures.at(-1)?.at
  return { modelIndex, model, ...(since !== undefined && { wait: { ms: due - since, since } }) }
}

/** Why no model is left, for the caller. */
export function whyNoModel(failures: Failure[], models: ModelChoice[], patience: number): string {
  const last = failures.at(-1)
  if (last === undefined) return ''
  const { message, retryAfter = 0 } = last
  const model = models[last.modelIndex]
  const own = failures.filter(({ modelIndex }) => modelIndex === last.modelIndex)
  if (model === undefined || model.retry !== undefined || isUsedUp(model, own)) return message
  const what =
    retryAfter > patience
      ? `it asks for a pause of ${seconds(retryAfter)}`
      : `${failures.length} tries in ${seconds(last.at - (failures[0]?.at ?? 0))}`
  return `${message} (${what}; a call is repeated for at most ${seconds(patience)})`
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`
}

/** When a model that has failed may be called again; undefined when it may not. */
function dueTime(model: ModelChoice, failures: Failure[], until: number): number | undefined {
  const last = failures.at(-1)
  if (last === undefined) return 0
  if (isUsedUp(model, failures)) return undefined
  const due = last.at + last.wait
  if (model.retry !== undefined) return due
  const earliest = last.at + (last.retryAfter ?? 0)
  if (last.at >= until || earliest > until) return undefined
  // The last try is made when the patience ends, and not before.
  return Math.max(earliest, Math.min(due, until))
}

function isUsedUp(model: ModelChoice, failures: Failure[]): boolean {
  const { count = limits.model.retries, onCodes } = model.retry ?? {}
  const counted = model.retry === undefined ? failures.filter(({ unusable }) => unusable) : failures
  if (counted.length > count) return true
  return failures.some(({ status, retryable }) =>
    onCodes === undefined || status === undefined ? !retryable : !onCodes.includes(status),
  )
}

/** Whether a model that has just failed is called again before the others of the chain. */
function comesFirst({ model, failures }: { model: ModelChoice; failures: Failure[] }): boolean {
  const { tries, pause } = limits.model.beforeFallback
  const wait = failures.at(-1)?.wait ?? 0
  if (model.retry !== undefined) return wait <= limits.waitInWorker
  return failures.length < tries && wait <= pause
}
