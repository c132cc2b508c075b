import {
  type Action,
  areNewer,
  type ClaimReply,
  type Attempt,
  type Children,
  decide,
  endFromOutside,
  fail,
  fold,
  isUntouchable,
  type Job,
  limits,
  type LogPlace,
  type LogSize,
  LonghaulError,
  type ModelFailed,
  type Models,
  type Plan,
  type PlanStore,
  resultOf,
  type State,
  type Status,
  statusAfter,
  type TaskStore,
  type Wake,
  whyFull,
} from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { JobLock, JobOutcome } from '@longhaul/redis'
import type { ToolServices } from '@longhaul/agent'
import { type Attempted, createAttempt, Stopped } from './attempt.ts'
import type { CallAgentPorts } from '../actions/call-agent.ts'
import { callModel } from '../actions/call-model.ts'
import { claimTurn } from './claim-turn.ts'
import type { Drain } from './drain.ts'
import { endUnfit, whyUnfit } from './end-unrunnable.ts'
import { fetchFiles } from '../actions/fetch-files.ts'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'
import { type Journal, openJournal } from './log-writer.ts'
import type { LiveBytes } from '../capacity/live-bytes.ts'
import { expiriesOf, requestsOf } from '../actions/reviews.ts'
import type { Suspects } from '../suspects/run-suspect.ts'
import { runTools } from '../actions/run-tools.ts'
import { unlessUnavailable } from './unless-unavailable.ts'

export type TurnDeps = {
  store: TaskStore
  plans: PlanStore
  models: Models
  /** What the tools of a workspace's turns work with. */
  servicesOf: (workspace: string) => ToolServices
  wake: Wake
  drain: Drain
  /** What calls of other agents need. */
  kin: CallAgentPorts & { children: Children }
  lockMs: number
  /** For how long a failed model call is repeated. */
  patienceMs: number
  live: LiveBytes
  newId: () => string
  log: Logger
  /** Runs a turn that may be what kills its workers. `undefined` in a process that runs one such turn alone. */
  suspects: Pick<Suspects, 'run'> | undefined
  /** Whether a lease that is lost now was lost because the event loop stood still. */
  wasBlocked: () => boolean
  /** Told when a turn has ended here. */
  ended: (status: Status) => void
  /** Told when a turn waits without a worker from now on. */
  parked: () => void
  /** Told when a model call is repeated, or another model asked, and after which failure. */
  retried: (model: string, failure: ModelFailed) => void
}

/** How long a turn is left to a worker that can read it. */
const newerDelay = limits.newerDelay
/** How long until a store that took no claim is asked again. */
const unavailableDelay = limits.unavailableDelay
/** And until one that gave no log is. */
const unreadDelay = limits.unreadDelay
/** And until a turn that has left for others looks for room again. */
const roomDelay = limits.liveBytes.again

/** Runs the turn that a job names: claims it, then folds, decides, acts and appends until it has ended or is given up. */
export async function runTurn(
  job: Job,
  lock: JobLock,
  deps: TurnDeps,
  attemptId = deps.newId(),
): Promise<JobOutcome> {
  const { store, drain, lockMs, suspects } = deps
  const alone = suspects === undefined
  if (drain.isDraining()) return { type: 'hand-back' }
  const ref = { taskId: job.taskId, turn: job.turn, attempt: attemptId }
  const claimedAt = performance.now()
  const options = { store, lockMs, logs: deps.live.logs, alone }
  const claimed = await claimTurn(job, ref.attempt, options).catch(unlessUnavailable)
  if (claimed === undefined) return { type: 'delay', ms: unavailableDelay }
  if ('waitMs' in claimed) return { type: 'delay', ms: claimed.waitMs }
  if ('outcome' in claimed) {
    switch (claimed.outcome) {
      case 'stale':
        return { type: 'done' }
      case 'busy':
        return { type: 'delay', ms: claimed.inMs + 50 }
      case 'newer':
        deps.log.info({ taskId: ref.taskId, turn: ref.turn }, 'turn left to a newer version')
        return { type: 'delay', ms: newerDelay }
      case 'suspect':
        // A process that runs it alone is never told so.
        if (suspects === undefined) return { type: 'delay', ms: unavailableDelay }
        return await suspects.run(job, lock, claimed)
    }
  }
  const { claim, place } = claimed

  const log = deps.log.child({ taskId: ref.taskId, turn: ref.turn, epoch: claim.epoch })
  const attempt = createAttempt(ref)
  const heartbeat = startHeartbeat({ attempt, lock, store, lockMs, claimedAt })
  const leave = drain.enter(attempt)
  const unwatch = deps.wake.watch(ref.taskId, (kind) => {
    // A hint may be old, of the task's turn before: the store is asked.
    if (kind === 'cancel' || kind === undefined) void heartbeat.beat()
  })
  try {
    const read = claim.unread ? await readLog(claim, ref, store) : claim
    if (read === undefined) return await handBack(ref, store, log, unreadDelay)
    if (areNewer(read.facts)) return await handBack(ref, store, log, newerDelay)
    const unfit = whyUnfit(read)
    if (unfit !== undefined) {
      log.error({ why: unfit.message }, 'turn must not be run')
      const status = await endUnfit(unfit, { attempt: ref, claim: read, store })
      if (status === undefined) return await handBack(ref, store, log)
      deps.ended(status)
      return { type: 'done' }
    }
    const journal = openJournal(store, attempt, read)
    const { workspace, deadline } = claim
    const run = { workspace, attempt, heartbeat, journal, deadline, log, deps, place }
    const end = await runSteps(run).catch((error: unknown) => endBroken(error, run))
    if (end === 'given-up') return await handBack(ref, store, log)
    if (end === 'no-room') return await handBack(ref, store, log, roomDelay)
    if (end === 'newer') return await handBack(ref, store, log, newerDelay)
    if (end === 'parked') deps.parked()
    else deps.ended(end)
    log.info({ status: end }, end === 'parked' ? 'turn parked' : 'turn ended')
    return { type: 'done' }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    if (error.reason === 'drain') return await handBack(ref, store, log)
    log.warn({ why: error.message }, 'turn lost')
    if (!deps.wasBlocked()) return { type: 'done' }
    // It may be what blocked: as much is counted as for a process that died.
    const reply = await store.release(ref, alone ? 'alone' : 'died').catch(unlessUnavailable)
    return { type: reply?.released === true ? 'hand-back' : 'done' }
  } finally {
    place.leave()
    heartbeat.stop()
    leave()
    unwatch()
  }
}

/** Gives the turn back, for the worker that comes next, or for whichever has the job after a while. */
async function handBack(
  ref: Attempt,
  store: TaskStore,
  log: Logger,
  afterMs?: number,
): Promise<JobOutcome> {
  const reply = await store.release(ref).catch(unlessUnavailable)
  if (reply === undefined) log.warn('turn left until its lease has run out')
  else log.info(reply, 'turn handed back')
  return afterMs === undefined ? { type: 'hand-back' } : { type: 'delay', ms: afterMs }
}

type Claim = Extract<ClaimReply, { outcome: 'claimed' }>

/**
 * The claim with its log, which was too large to come with it; undefined when it cannot be read now. That a value is
 * lost will be so for the next worker, too.
 */
async function readLog(claim: Claim, ref: Attempt, store: TaskStore): Promise<Claim | undefined> {
  // What may be what kills is not looked at again.
  if (isUntouchable(claim)) return claim
  try {
    const facts = await store.facts(ref.taskId)
    return { ...claim, facts, length: facts.length }
  } catch (error) {
    if (error instanceof LonghaulError) return unlessUnavailable(error)
    return { ...claim, unreadable: error instanceof Error ? error.message : String(error) }
  }
}

type Run = {
  workspace: string
  attempt: Attempted
  heartbeat: Heartbeat
  journal: Journal
  deadline: number
  log: Logger
  deps: TurnDeps
  place: LogPlace
}

/**
 * `newer` when a newer version has recorded something, of which nothing can be said here; `no-room` when all turns hold
 * too much, after a step: so each attempt gets on. Rejects with
 * `Stopped` when the attempt has lost the turn.
 */
async function runSteps(run: Run): Promise<Status | 'given-up' | 'newer' | 'no-room'> {
  const { attempt, journal, deps } = run
  const recordedBefore = journal.facts.length
  const plan = await readPlan(run)
  if (plan === 'newer') return plan
  let broken: LonghaulError | undefined
  let hasActed = false
  for (;;) {
    attempt.throwIfLost()
    if (areNewer(journal.facts)) return 'newer'
    const state = fold(journal.facts)
    const { patienceMs } = deps
    const action = nextAction(state, { plan, broken, size: journal.size(), patienceMs })
    if (action.type === 'Finish') {
      const status = statusAfter(action.fact)
      const result = resultOf(state, action.fact, plan?.models[0]?.id ?? '')
      if (await journal.end(action.fact, status, result)) return status
    } else if (action.type === 'Park') {
      if (await journal.park(action.until)) return 'parked'
    } else if (deps.drain.isDraining()) {
      return 'given-up'
    } else if (hasActed && isOver(run)) {
      return 'no-room'
    } else if (deps.suspects === undefined && journal.facts.length > recordedBefore) {
      // What gets on is no suspect: others need the process that it had to itself.
      return 'given-up'
    } else {
      hasActed = true
      try {
        await act(action, { ...run, state, plan: action.plan })
      } catch (error) {
        const stopped = attempt.stopped()
        if (stopped?.reason === 'drain') return 'given-up'
        if (stopped?.reason === 'lost') throw stopped
        if (stopped === undefined) broken = asFailure(error, run.log)
        // A cancel has left its fact in the log, which decides what comes next.
        await journal.refresh()
        if (areNewer(journal.facts)) return 'newer'
        // Without that fact (a Redis that lost it) an aborted attempt can do nothing; another one can.
        if (attempt.signal.aborted && !fold(journal.facts).cancelRequested) return 'given-up'
      }
    }
  }
}

function isOver({ place, journal }: Pick<Run, 'place' | 'journal'>): boolean {
  place.grow(journal.held())
  return place.isOver()
}

/** Facts that no rule understands break the next attempt, too: the turn ends, without a look at them. */
async function endBroken(error: unknown, { journal, log }: Run): Promise<Status | 'newer'> {
  if (error instanceof Stopped || error instanceof LonghaulError) throw error
  const { message } = asFailure(error, log)
  const { fact, status, result } = endFromOutside([], { code: 'internal', message }, '')
  while (!areNewer(journal.facts)) if (await journal.end(fact, status, result)) return status
  return 'newer'
}

/** A plan that cannot be read will not be readable later: it is as good as missing. */
async function readPlan({
  workspace,
  journal,
  log,
  deps,
}: Run): Promise<Plan | 'newer' | undefined> {
  try {
    return await deps.plans.get(workspace, fold(journal.facts).plan)
  } catch (error) {
    if (error instanceof LonghaulError) throw error
    log.error({ err: error }, 'the plan cannot be read')
    return undefined
  }
}

/** What ends this attempt at the turn, and what goes on with it. */
type Decision = Extract<Action, { type: 'Finish' | 'Park' }>
type Work = Exclude<Action, Decision>

type NextAction = Decision | (Work & { plan: Plan })

function nextAction(
  state: State,
  known: {
    plan: Plan | undefined
    broken: LonghaulError | undefined
    size: LogSize
    patienceMs: number
  },
): NextAction {
  const { plan, broken, size, patienceMs } = known
  if (broken !== undefined && !state.cancelRequested) return fail('internal', broken.message)
  if (plan === undefined)
    return fail('internal', 'the plan of the turn is missing or cannot be read')
  const action = decide(state, plan, patienceMs)
  if (action.type === 'Finish') return action
  const full = whyFull(size, action)
  if (full !== undefined) return fail('task_full', full)
  return action.type === 'Park' ? action : { ...action, plan }
}

async function act(action: Work, run: Run & { state: State; plan: Plan }): Promise<void> {
  const { models, newId, servicesOf, kin, retried, live } = run.deps
  const { workspace, attempt } = run
  const services = servicesOf(workspace)
  const hold = () => live.hold(workspace, attempt.signal)
  switch (action.type) {
    case 'FetchFiles':
      return await fetchFiles(action.files, { ...run, services, hold })
    case 'TrimContext':
      return await run.journal.append([action.fact])
    case 'CallModel':
      return await callModel(action, {
        ...run,
        models,
        newId,
        retried,
        children: kin.children,
        hold,
      })
    case 'RunTools':
      return await runTools(action, { ...run, services, hold, isOver: () => isOver(run) })
    case 'AskReviews':
      return await run.journal.append(requestsOf(action.calls, run))
    case 'ExpireReviews':
      return await run.journal.append(expiriesOf(action.reviews, run.plan))
  }
}

/** A fault of ours ends the turn, visibly: a turn that was tried for ever would be worse. */
function asFailure(error: unknown, log: Logger): LonghaulError {
  log.error({ err: error }, 'turn broke')
  if (error instanceof LonghaulError && error.code === 'invalid') return error
  return new LonghaulError('internal', 'an unexpected error stopped the turn')
}
