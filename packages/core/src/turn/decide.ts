import { statusOfFailure, type TurnFailure } from '../log/turn-failure.ts'
import { contextBudget } from './context-window.ts'
import type {
  ContextTrimmed,
  FinishReason,
  ParkedFor,
  TurnCompleted,
  TurnFailed,
} from '../log/fact.ts'
import type { FileToFetch } from '../history/message-files.ts'
import type { State } from '../log/state.ts'
import { limits } from '../limits/limits.ts'
import type { ToolCall } from '../history/message.ts'
import { nextModel, whyNoModel } from './next-model.ts'
import { outcomeUnknown, type PendingReview } from '../log/reviews.ts'
import type { ModelChoice, Plan } from '../manifest/plan.ts'
import { tokensOf, tokensOfPlan, tokensOfText } from '../history/tokens.ts'
import { sortByReview } from './sort-by-review.ts'
import { planTrim } from '../history/trim.ts'

/** The next action of a turn. */
export type Action =
  | { type: 'FetchFiles'; files: FileToFetch[] }
  | { type: 'TrimContext'; fact: ContextTrimmed }
  | { type: 'CallModel'; step: number; modelIndex: number; model: ModelChoice; wait?: Wait }
  /** Nothing happens until the time `until` (Redis's, epoch milliseconds). */
  | { type: 'Park'; until: number; for: ParkedFor; also?: ParkedFor[] }
  | { type: 'RunTools'; calls: ToolCall[]; unmade: UnmadeCall[] }
  /** A reviewer must decide these calls before they are made. */
  | { type: 'AskReviews'; calls: ToolCall[] }
  /** No reviewer decided these reviews in time. */
  | { type: 'ExpireReviews'; reviews: PendingReview[] }
  | { type: 'Finish'; fact: TurnCompleted | TurnFailed }

/** A call that is not made, and the answer that the model reads instead. */
export type UnmadeCall = { call: ToolCall; error: string }

/** Wait `ms` milliseconds, counted from `since` (Redis's time, epoch milliseconds). */
export type Wait = { ms: number; since: number }

/**
 * All rules of a turn: the next action follows from the state and the plan alone. `patience` is how long a failed model
 * call is repeated, milliseconds.
 */
export function decide(state: State, plan: Plan, patience: number = limits.model.patience): Action {
  if (state.cancelRequested) return cancelled()

  const runnable = state.open.filter((call) => call.problem !== undefined || runsHere(call, plan))
  if (runnable.length > 0) return makeCalls(runnable, state, plan)
  if (state.open.length > 0) return complete(state, 'function_call')

  const reply = state.reply
  if (reply !== undefined && reply.calls.length === 0) {
    if (reply.problem === undefined) {
      return complete(state, reply.reason === 'tool_calls' ? 'stop' : reply.reason)
    }
    if (state.misfits > limits.outputRepairs) return fail('output_invalid', reply.problem)
  }
  if (state.fileFailed !== undefined) return fail('file_unavailable', state.fileFailed.error)
  if (state.steps >= plan.maxIterations || state.callsSpent) {
    return complete(state, 'max_iterations')
  }
  if (state.modelMs >= plan.maxExecutionSeconds * 1_000) return complete(state, 'max_time')
  if (outputLeft(state, plan) === 0) return complete(state, 'length')
  if (state.unread.length > 0) return { type: 'FetchFiles', files: state.unread }
  return callModel(state, plan, patience)
}

/** The output tokens that the turn may still use; undefined when the plan has no limit. */
export function outputLeft(
  { usage }: Pick<State, 'usage'>,
  { maxOutputTokens: most }: Pick<Plan, 'maxOutputTokens'>,
): number | undefined {
  return most === undefined ? undefined : Math.max(0, most - (usage?.outputTokens ?? 0))
}

/** A turn fails. The last status of the vendor may determine the status of the failure. */
export function fail(
  code: TurnFailure,
  message: string,
  vendorStatus?: number,
): { type: 'Finish'; fact: TurnFailed } {
  return {
    type: 'Finish',
    fact: { type: 'turn.failed', code, message, status: statusOfFailure(code, vendorStatus) },
  }
}

/** A turn ends because its cancel was requested. */
export function cancelled(): { type: 'Finish'; fact: TurnFailed } {
  return fail('cancelled', 'the turn was cancelled')
}

function complete(state: State, reason: FinishReason): Action {
  const fact: TurnCompleted = { type: 'turn.completed', reason, pending: state.open }
  if (state.usage !== undefined) fact.usage = state.usage
  return { type: 'Finish', fact }
}

/** Calls that need no review are made while the others wait. */
function makeCalls(calls: ToolCall[], state: State, plan: Plan): Action {
  const { unasked, expired, waiting, ready } = sortByReview(calls, state, plan)
  if (unasked.length > 0) return { type: 'AskReviews', calls: unasked }
  if (expired.length > 0) return { type: 'ExpireReviews', reviews: expired }
  const [delegated, own] = split(ready, ({ callId }) => state.children.has(callId))
  if (own.length > 0) return runTools(own, state, plan)
  const untils = waiting.map(({ requested }) => requested.until)
  const reasons: ParkedFor[] = waiting.length > 0 ? ['approval'] : []
  if (delegated.length > 0) {
    // The answer of a sub-agent resumes the turn earlier.
    untils.push(state.at + limits.parked)
    reasons.push('sub_agent')
  }
  const [first = 'timer', ...also] = reasons
  return {
    type: 'Park',
    until: Math.min(...untils),
    for: first,
    ...(also.length > 0 && { also }),
  }
}

function split<T>(list: T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [list.filter(isFirst), list.filter((item) => !isFirst(item))]
}

function runTools(runnable: ToolCall[], state: State, plan: Plan): Action {
  const begun = new Set([...state.callsBegunBefore, ...state.calls.map(({ callId }) => callId)])
  let children = state.children.size
  let made = state.calls.length
  const calls: ToolCall[] = []
  const unmade: UnmadeCall[] = []
  for (const call of runnable) {
    const error = whyUnmade(call)
    if (error === undefined) calls.push(call)
    else unmade.push({ call, error })
  }
  return { type: 'RunTools', calls, unmade }

  function whyUnmade({ callId, name, problem }: ToolCall): string | undefined {
    const tool = plan.tools.find((each) => each.name === name)
    if (tool === undefined || problem !== undefined) return undefined
    if (plan.maxToolCalls !== undefined && !begun.has(callId)) {
      made += 1
      if (made > plan.maxToolCalls) return tooManyCalls(plan.maxToolCalls)
    }
    if (tool.kind === 'call_sub_agent') {
      if ((state.parent?.depth ?? 0) >= limits.agentDepth) return tooDeep
      children += 1
      return children > limits.children ? tooManyChildren : undefined
    }
    const once = 'onCrash' in tool && tool.onCrash === 'fail'
    return once && begun.has(callId) ? outcomeUnknown : undefined
  }
}

function tooManyCalls(most: number): string {
  return `not made: of this answer, the first ${most} calls are made`
}
const tooDeep = `not made: agents may call agents ${limits.agentDepth} deep, and this one is as deep already`
const tooManyChildren = `not made: of one turn, the first ${limits.children} calls of agents are made`

/** The caller's next turn answers client-side functions; a worker runs all other calls. */
function runsHere(call: ToolCall, plan: Plan): boolean {
  return plan.tools.find((tool) => tool.name === call.name)?.kind !== 'function'
}

function callModel(state: State, plan: Plan, operatorsPatience: number): Action {
  const { failures } = state
  const refused = failures.find(({ code }) => code === 'context_too_long')
  if (refused !== undefined) {
    const size = state.history.reduce((sum, message) => sum + tokensOf(message), 0)
    const isFinal = state.trimmedOnRefusal || plan.untrimmed === true
    const trim = isFinal ? undefined : planTrim(state.history, size / 2)
    if (trim === undefined) return fail('context_too_long', refused.message)
    return { type: 'TrimContext', fact: { type: 'context.trimmed', because: 'refused', ...trim } }
  }
  const final = failures.find(({ code }) => code !== 'provider_failed')
  if (final !== undefined) return fail(final.code, final.message)
  const patience = Math.min(operatorsPatience, state.callerWait ?? Infinity)
  const next = nextModel(state, plan.models, patience)
  if (next === undefined) {
    const message = whyNoModel(failures, plan.models, patience)
    return fail('provider_failed', message, failures.at(-1)?.status)
  }
  const { wait, ...choice } = next
  const trim = plan.untrimmed === true ? undefined : trimFor(choice.model, state, plan)
  if (trim !== undefined) return trim
  const action: Action = { type: 'CallModel', step: state.steps + 1, ...choice }
  if (wait === undefined) return action
  // The wait is counted from the latest fact, so the worker that takes the turn at that time does not park it again.
  const until = wait.since + wait.ms
  if (until - state.at > limits.waitInWorker) {
    return { type: 'Park', until, for: 'provider_retry' }
  }
  return { ...action, wait }
}

/** The trim before a call that would not fit the model. */
function trimFor(model: ModelChoice, state: State, plan: Plan): Action | undefined {
  const directions = state.directions.reduce((sum, text) => sum + tokensOfText(text), 0)
  const left = contextBudget(model) - tokensOfPlan(plan) - directions
  const size = state.history.reduce((sum, message) => sum + tokensOf(message), 0)
  const trim = size > left ? planTrim(state.history, left) : undefined
  return (
    trim && { type: 'TrimContext', fact: { type: 'context.trimmed', because: 'budget', ...trim } }
  )
}
