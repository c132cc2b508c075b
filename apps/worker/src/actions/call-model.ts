import { checkReply, systemPrompt } from '@longhaul/agent'
import {
  type Action,
  backoff,
  callTime,
  type Children,
  limits,
  type ModelDelta,
  ModelError,
  type ModelFailed,
  type ModelRequest,
  type ModelRates,
  type Models,
  type ModelWait,
  type NewFact,
  outputLeft,
  type Plan,
  type ReplyPart,
  requestSize,
  type State,
  stepKey,
  toolChoiceOf,
  withinOutput,
} from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningAttempt } from '../turn/attempt.ts'
import { createDeltaBuffer } from './delta-buffer.ts'
import { type HeldCall, type RateDeps, type ReservedCall, reserveCall } from './reserve-call.ts'
import type { Heartbeat } from '../turn/heartbeat.ts'
import type { LogWriter } from '../turn/log-writer.ts'
import type { HeldBytes } from '../capacity/live-bytes.ts'

type CallModel = Extract<Action, { type: 'CallModel' }>

type Run = {
  state: State
  plan: Plan
  workspace: string
  attempt: RunningAttempt
  writer: LogWriter
  heartbeat: Heartbeat
  models: Models
  log: Logger
  newId: () => string
  children: Pick<Children, 'countCall'>
  /** Called with the failure when a call is retried or sent to another model. */
  retried: (model: string, failure: ModelFailed) => void
  hold: () => HeldBytes
  rates: RateDeps
  workspaceRates: ModelRates
  reserved: ModelWait['reserved']
}

/**
 * Whether the tree of a turn has reached its limit of model calls. A turn without parent and sub-agents has no such
 * limit. The retries of a step count once: an outage must not use up the limit.
 */
async function areSpent({ state, plan, attempt, writer, children }: Run): Promise<boolean> {
  const calls = plan.tools.some(({ kind }) => kind === 'call_sub_agent')
  if ((state.parent === undefined && !calls) || state.failures.length > 0) return false
  const { taskId, turn } = state.parent?.root ?? attempt.ref
  const made = await writer.untilStored(() => children.countCall({ taskId, turn }))
  return made > limits.treeCalls
}

/**
 * Calls the model for one step and records its reply or its failure. Returns the call if it must wait for the rate of its
 * model; then nothing is recorded. Rejects only if the attempt is stopped.
 */
export async function callModel(action: CallModel, run: Run): Promise<HeldCall | undefined> {
  const { attempt, writer, plan, state } = run
  await waitForTurn(action, run)
  const size = requestSize(plan, state.history, writer.held())
  if (size <= limits.liveBytes.smallWork) return await ask(action, run)
  const held = run.hold()
  try {
    await attempt.rest(() => held.capacity(size))
    return await ask(action, run)
  } finally {
    held.end()
  }
}

async function ask(action: CallModel, run: Run): Promise<HeldCall | undefined> {
  const { attempt, writer } = run
  const parts: { partId: string; kind: ReplyPart['kind'] }[] = []
  const hold = run.state.streamed ? 0 : limits.deltaHold
  const buffer = createDeltaBuffer((deltas) => writer.stream(deltas), { hold })
  let firstMs: number | undefined
  function onDelta({ part, kind, text, refusal }: ModelDelta): void {
    firstMs ??= elapsed()
    const known = (parts[part] ??= { partId: `${kind}_${run.newId().toLowerCase()}`, kind })
    buffer.push({ partId: known.partId, kind, text, ...(refusal && { refusal }) })
  }

  let startedAt = performance.now()
  const elapsed = () => Math.round(performance.now() - startedAt)
  attempt.throwIfLost()
  let reserved: ReservedCall | undefined
  let rateWait: Pick<ModelFailed, 'rateMs'> = {}
  let isAsked = false
  try {
    const request = await requestOf(action, run)
    const reserving = performance.now()
    const reservation = await reserveCall(action, request, run)
    const rateMs = Math.round(performance.now() - reserving)
    if (rateMs > quickReservation) rateWait = { rateMs }
    if (reservation !== undefined && 'type' in reservation) return reservation
    reserved = reservation
    if (await areSpent(run)) {
      reserved?.unmade()
      await writer.append([{ type: 'calls.spent' }])
      return undefined
    }
    const failed = run.state.failures.at(-1)
    if (failed !== undefined) run.retried(action.model.id, failed)
    startedAt = performance.now()
    attempt.throwIfLost()
    isAsked = true
    const reply = await run.models.ask(request, { signal: attempt.signal, onDelta })
    const ms = elapsed()
    reserved?.replied(reply)
    await buffer.close()
    const finished: NewFact[] = reply.parts.map((part, at) => {
      const partId = parts[at]?.partId ?? `${part.kind}_${run.newId().toLowerCase()}`
      const deltas = buffer.count(partId)
      const isWhole = deltas === 0 && part.text !== ''
      const streamed = isWhole ? ({ deltas: 1, whole: true } as const) : { deltas }
      return { type: 'part.finished', step: action.step, partId, ...streamed, ...part }
    })
    const checked = await checkReply(reply, {
      plan: run.plan,
      taken: run.state.callIds,
      mintId: () => `call_${run.newId().toLowerCase()}`,
      workspace: run.workspace,
      signal: attempt.signal,
    })
    writer.keep([
      ...finished,
      {
        type: 'step.finished',
        step: action.step,
        modelIndex: action.modelIndex,
        model: action.model.id,
        reason: reply.reason,
        ...checked,
        ms,
        ...(firstMs !== undefined && firstMs < ms && { firstMs }),
        ...rateWait,
        ...(reply.usage === undefined ? {} : { usage: reply.usage }),
      },
    ])
    return undefined
  } catch (error) {
    buffer.drop()
    if (attempt.signal.aborted || !(error instanceof ModelError)) {
      if (!isAsked) reserved?.unmade()
      throw error
    }
    const failure = { ...failureOf(error, action, run.state, elapsed()), ...rateWait }
    const { step, model, wait: waitMs } = failure
    reserved?.failed(error, error.retryAfter ?? waitMs)
    const tries = run.state.failures.length + 1
    run.log.warn({ err: error, step, model, tries, waitMs }, 'model call failed')
    await buffer.close()
    const abandoned = parts.flatMap(({ partId, kind }) => {
      const deltas = buffer.count(partId)
      return deltas > 0 ? [{ partId, kind, deltas }] : []
    })
    await writer.append([
      ...(abandoned.length > 0 ? [{ type: 'parts.abandoned', parts: abandoned } as const] : []),
      failure,
    ])
    return undefined
  }
}

/** A reservation that takes no longer did not wait for a rate, milliseconds. */
const quickReservation = 20

/** The longest timer of Node: a longer one fires at once. */
const longestTimer = 2 ** 31 - 1

/** Waits after a failed call until the next retry is due. Then checks that the attempt still has the turn. */
async function waitForTurn({ wait }: CallModel, run: Run): Promise<void> {
  if (wait === undefined) return
  const { attempt, heartbeat, writer } = run
  const due = Math.min(wait.ms, wait.since + wait.ms - writer.now(), longestTimer)
  await attempt.rest(async () => {
    if (due > 0) await sleep(due, undefined, { signal: attempt.signal })
    await heartbeat.beat()
  })
  attempt.signal.throwIfAborted()
}

async function requestOf(
  action: CallModel,
  { plan, state, attempt, workspace }: Run,
): Promise<ModelRequest> {
  const { model } = action
  const toolChoice = toolChoiceOf(model, state.stepsBefore + state.steps)
  return {
    model: withinOutput(model, outputLeft(state, plan)),
    ...(toolChoice !== undefined && plan.tools.length > 0 ? { toolChoice } : {}),
    ...(plan.output && { output: plan.output }),
    system: await systemPrompt(plan, state, { workspace, signal: attempt.signal }),
    messages: state.history,
    tools: plan.tools.map((tool) => {
      const { name, description, parameters } = tool
      const strict = tool.kind === 'function' && tool.strict
      return { name, description, parameters, ...(strict && { strict }) }
    }),
    idempotencyKey: keyOf(action, { state, attempt }),
    withinMs: callTime(state, plan),
  }
}

/**
 * The idempotency key of a model call. It is the same for every repeat of the same call. A call of a fallback model, or
 * with a shorter history after a refusal, has another body: its key ends with a hash of the difference.
 */
function keyOf(
  { step, model, modelIndex }: CallModel,
  { state, attempt }: Pick<Run, 'state' | 'attempt'>,
): string {
  const { taskId, turn } = attempt.ref
  const key = stepKey(taskId, turn, step)
  if (modelIndex === 0 && !state.trimmedOnRefusal) return key
  const differs = JSON.stringify([modelIndex, model.id, state.trimmedOnRefusal])
  return `${key}.${hash('sha256', differs).slice(0, 8)}`
}

function failureOf(error: ModelError, action: CallModel, state: State, ms: number): ModelFailed {
  const { code, message, status, retryable, unusable, retryAfter } = error
  const tries = state.failures.filter((f) => f.modelIndex === action.modelIndex).length + 1
  return {
    type: 'model.failed',
    step: action.step,
    modelIndex: action.modelIndex,
    model: action.model.id,
    code,
    message,
    retryable,
    wait: Math.round(backoff(tries, retryAfter, Math.random())),
    ms,
    ...(status === undefined ? {} : { status }),
    ...(unusable ? { unusable } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}
