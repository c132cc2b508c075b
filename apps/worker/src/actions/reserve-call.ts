import {
  type Action,
  bucketsOf,
  modelClassOf,
  ModelError,
  type ModelBuckets,
  type ModelRates,
  type ModelReply,
  type ModelRequest,
  type ModelWait,
  type Plan,
  type RatedCall,
  type State,
  tokensToReserve,
  waitFor,
} from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningAttempt } from '../turn/attempt.ts'
import type { Heartbeat } from '../turn/heartbeat.ts'
import type { LogWriter } from '../turn/log-writer.ts'

/** The buckets, and the rates of the operator. */
export type RateDeps = { buckets: ModelBuckets; operatorRates: ModelRates }

/** A call that must wait without a worker: it is reserved, or nothing is left of its rate. */
export type HeldCall =
  | { type: 'reserved'; wait: ModelWait }
  | { type: 'closed'; wait: ModelWait; modelClass: string }

type Run = {
  state: State
  plan: Plan
  workspace: string
  /** The rates of the workspace. */
  workspaceRates: ModelRates
  /** What the turn has reserved for this call while it was parked. */
  reserved: ModelWait['reserved']
  attempt: RunningAttempt
  writer: LogWriter
  heartbeat: Heartbeat
  rates: RateDeps
  log: Logger
}

type CallModel = Pick<Extract<Action, { type: 'CallModel' }>, 'model'>

/** A reserved call, which must report its outcome. */
export type ReservedCall = {
  replied(reply: Pick<ModelReply, 'usage' | 'reports'>): void
  failed(error: unknown, pauseMs: number): void
  /** The call is not made. */
  unmade(): void
}

/**
 * Reserves a model call, and waits for its time if that is near. Returns undefined for a model without a rate, the
 * reserved call when it may be made now, or the reason why it must wait.
 */
export async function reserveCall(
  { model }: CallModel,
  request: ModelRequest,
  run: Run,
): Promise<ReservedCall | HeldCall | undefined> {
  const { workspace, workspaceRates, rates, plan, state, writer } = run
  const { buckets: store, operatorRates } = rates
  const tables = { operator: operatorRates, workspace: workspaceRates }
  const buckets = bucketsOf(model.id, tables)
  if (buckets.length === 0) return undefined

  const isReserved = run.reserved?.model === model.id
  const tokens =
    isReserved && run.reserved !== undefined
      ? run.reserved.tokens
      : tokensToReserve(plan, state, request.model)
  const call: RatedCall = { workspace, buckets, tokens }
  const reservation = await writer.untilStored(() => store.reserve(call, { isReserved }))
  if (reservation.outcome === 'ready') {
    await untilReady(reservation.inMs, call, run)
    return reservedCall(call, run)
  }
  const wait = waitFor(reservation.bucket, reservation.until)
  if (reservation.outcome === 'later')
    return { type: 'reserved', wait: { ...wait, reserved: { model: model.id, tokens } } }
  return { type: 'closed', wait, modelClass: modelClassOf(model.id, workspace, tables) ?? '' }
}

/** Waits until a call may be made. If the attempt stops meanwhile, the call gives back what it has reserved. */
async function untilReady(inMs: number, call: RatedCall, run: Run): Promise<void> {
  const { attempt, heartbeat } = run
  if (inMs <= 0) return
  try {
    await attempt.rest(async () => {
      await sleep(inMs, undefined, { signal: attempt.signal })
      await heartbeat.beat()
    })
    attempt.signal.throwIfAborted()
  } catch (error) {
    unlessFailed(run.rates.buckets.refund(call, 'ready'), run)
    throw error
  }
}

function reservedCall(call: RatedCall, run: Run): ReservedCall {
  const { buckets } = run.rates
  const giveBack = () => unlessFailed(buckets.refund(call, 'ready'), run)
  return {
    replied({ usage, reports = {} }) {
      const used = usage?.totalTokens ?? call.tokens
      unlessFailed(buckets.settle(call, used, reports), run)
    },
    failed(error, pauseMs) {
      if (!(error instanceof ModelError)) return
      const { status, retryable, unsent, reports = {} } = error
      if (unsent) {
        giveBack()
        return
      }
      // A vendor that refuses a call counts no tokens. One whose answer was cut may count all.
      const used = status === undefined ? call.tokens : 0
      const isBusy = status === 429 && retryable
      const busy = isBusy ? { requests: { remaining: 0, resetMs: pauseMs } } : {}
      unlessFailed(buckets.settle(call, used, { ...reports, ...busy }), run)
    },
    unmade: giveBack,
  }
}

/** Corrections of buckets are not waited for. Without them, a call costs what it has reserved. */
function unlessFailed(change: Promise<void>, { log }: Pick<Run, 'log'>): void {
  change.catch((err: unknown) => log.debug({ err }, 'rate not corrected'))
}
