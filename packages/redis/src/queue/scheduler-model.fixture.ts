import { jobId, type WorkspaceLimits } from '@longhaul/core'
import { keyHash } from './key-hash.ts'
import { createModelRings, type ModelTurn, order } from './scheduler-model-ring.fixture.ts'
import { deadlineOf, type Scope, snapshotOfModel } from './scheduler-model-snapshot.fixture.ts'

export type ModelSubmission = {
  workspace: string
  key: string
  modelClass?: string
  /** Its place, relative to its start. */
  delay: number
  deadlineMs: number
  startInMs?: number | undefined
  expiresInMs?: number | undefined
}

/** A claim examines at most this many turns, and queues at most so many whose start has come. */
const candidates = 8
const dueOfClaim = 10
/** An expired turn that a claim finds is not examined again for so long. */
const expiredAgainMs = 10_000

/**
 * The specification of the scheduler of a shard: who may start, who is next, what a turn costs. What could start nothing
 * and now could, returns: it has no credit for the time before.
 *
 * It names the turn that a claim gets, unless there are classes of models. A lane whose classes are closed may stay in the
 * rings until a claim finds it there, so that its virtual time is open. Then `faultOf` names what a claim must not do.
 */
export function createSchedulerModel() {
  const rings = createModelRings()
  const {
    workspaces,
    turns,
    closings,
    shard,
    workspaceOf,
    runningOf,
    mayStart,
    settle,
    forgetIdle,
    enterLane,
    leave,
    free,
    start,
    firstWorkspace,
    firstLane,
    firstTurn,
    all,
    dueReturns,
    dueStarts,
    isExpired,
    isOpen,
    openTurns,
    openLanes,
  } = rings

  /** Queues the turns whose start has come. Returns their number. */
  function queueDue(now: number, limit: number): number {
    const due = dueStarts(now).slice(0, limit)
    for (const turn of due) enterLane(turn, turn.rank)
    return due.length
  }

  /** A turn that expired before a worker had it is left to a reconciler. */
  function postpone(turn: ModelTurn, now: number): void {
    leave(turn)
    turn.dueAt = now + expiredAgainMs
    settle(workspaceOf(turn.workspace))
  }

  return {
    submit(taskId: string, now: number, of: ModelSubmission) {
      const { workspace, key, modelClass = '', delay, deadlineMs, startInMs = 0 } = of
      const from = now + Math.max(0, startInMs)
      const turn: ModelTurn = {
        taskId,
        job: jobId(taskId, 1),
        workspace,
        key: keyHash(key),
        modelClass,
        waitClass: modelClass,
        rank: from + delay,
        score: 0,
        status: 'queued',
        since: 0,
        leaseUntil: 0,
        deadline: from + deadlineMs,
        ...(of.expiresInMs !== undefined && { expires: from + of.expiresInMs }),
      }
      turns.set(taskId, turn)
      if (from > now) Object.assign(turn, { startAt: from, dueAt: from })
      else enterLane(turn, turn.rank)
    },

    /** The turn that starts; undefined when none may. */
    claim(now: number, lockMs: number): ModelTurn | undefined {
      let examined = queueDue(now, dueOfClaim) > 0 ? 1 : 0
      if (shard.isPaused) return undefined
      for (; examined < candidates; examined += 1) {
        const [due] = dueReturns(now)
        if (due !== undefined && !mayStart(due)) {
          enterLane(due, 0)
          continue
        }
        const workspace = due === undefined ? firstWorkspace() : undefined
        const lane = workspace && firstLane(workspace)
        const turn = due ?? (lane && firstTurn(lane))
        if (turn === undefined) return undefined
        if (isExpired(turn, now)) {
          postpone(turn, now)
          continue
        }
        start(turn, now, lockMs)
        if (workspace !== undefined && lane !== undefined) {
          shard.time = Math.max(shard.time, workspace.time)
          if (workspace.isKeyed) workspace.keyTime = Math.max(workspace.keyTime, lane.time)
        }
        return turn
      }
      return undefined
    },

    /**
     * What is wrong with a claim that got this turn, or none; undefined if it may. The turn starts. `returned` are the
     * turns that have not been queued in their lanes yet, since a claim examines only so many.
     */
    faultOf(
      claimed: string | undefined,
      now: number,
      { lockMs, returned }: { lockMs: number; returned: ReadonlySet<string> },
    ): string | undefined {
      queueDue(now, dueOfClaim)
      const turn = claimed === undefined ? undefined : turns.get(claimed)
      if (shard.isPaused) return turn && 'a paused shard has started a turn'
      const blocked: ModelTurn[] = []
      let first: ModelTurn | undefined
      for (const due of dueReturns(now)) {
        if (mayStart(due)) {
          first = due
          break
        }
        blocked.push(due)
      }
      const isExhausted = (more: number) => blocked.length + more + 2 >= candidates
      const open = [...workspaces.values()].flatMap((of) =>
        openLanes(of, now).map((lane) => ({ of, lane })),
      )
      const fault = faultOfPick()
      for (const passed of blocked) if (!returned.has(passed.job)) enterLane(passed, 0)
      if (turn !== undefined && fault === undefined) start(turn, now, lockMs)
      return fault

      function faultOfPick(): string | undefined {
        if (first !== undefined) {
          if (turn === first || (turn === undefined && isExhausted(0))) return undefined
          return `${first.job} has returned`
        }
        if (turn === undefined) {
          const closedLanes = [...workspaces.values()].flatMap(({ lanes }) =>
            [...lanes.values()].filter((lane) => lane.queued.size > 0),
          ).length
          if (open.length === 0 || isExhausted(closedLanes - open.length)) return undefined
          return `${open[0]?.of.name} has a turn that may start`
        }
        const own = open.find(({ lane }) => lane.queued.has(turn))
        if (own === undefined || !isOpen(turn, now)) return 'the turn may not start'
        if (openTurns(own.lane, now).some(({ score }) => score < turn.score))
          return 'another turn of the lane is first'
        const share = ({ of }: typeof own) => runningOf(of) / (of.limits.weight ?? 1)
        if (open.some((other) => share(other) < share(own) - 1e-9))
          return 'another workspace has fewer running turns for its weight'
        const isLess = ({ of, lane }: typeof own) =>
          of === own.of && lane.running.size < own.lane.running.size
        return open.some(isLess) ? 'another key has fewer running turns' : undefined
      }
    },

    /** Whether a claim would find a turn now. */
    hasWork(now: number): boolean {
      if (shard.isPaused) return false
      if (dueReturns(now).some(mayStart)) return true
      if (closings.size === 0) return firstWorkspace() !== undefined
      return [...workspaces.values()].some((workspace) => openLanes(workspace, now).length > 0)
    },

    /** Ends a turn in any state. */
    end(turn: ModelTurn, now: number): void {
      const wasRunning = turn.status === 'running'
      turn.status = 'ended'
      turns.delete(turn.taskId)
      if (wasRunning) free(turn, now)
      else leave(turn)
      settle(workspaceOf(turn.workspace))
    },

    park(turn: ModelTurn, now: number, wakeAt: number): void {
      Object.assign(turn, { status: 'parked', wakeAt })
      free(turn, now)
    },

    resume: (turn: ModelTurn) => enterLane(turn, turn.rank),

    release(turn: ModelTurn, now: number, at: number): void {
      Object.assign(turn, { status: 'queued', returnedAt: at })
      free(turn, now)
    },

    /** The turn that has found nothing left of a rate waits in the backlog of its class. */
    closeClass(turn: ModelTurn, now: number, until: number): void {
      closings.set(turn.modelClass, Math.max(closings.get(turn.modelClass) ?? 0, until))
      free(turn, now)
      turn.waitClass = turn.modelClass
      enterLane(turn, turn.rank)
    },

    /** Moves a start. The place, the deadline and the expiry move with it. */
    moveStart(turn: ModelTurn | undefined, now: number, inMs: number): 'moved' | 'begun' | 'ended' {
      if (turn === undefined) return 'ended'
      const { startAt, dueAt } = turn
      if (startAt === undefined || dueAt === undefined || isExpired(turn, now)) return 'begun'
      const moved = now + Math.max(0, inMs)
      const later = moved - startAt
      turn.startAt = moved
      turn.rank += later
      turn.deadline += later
      if (turn.expires !== undefined) turn.expires += later
      if (moved > now) turn.dueAt = moved
      else enterLane(turn, turn.rank)
      return 'moved'
    },

    queueDue,

    /** The turns whose lease is over, in the order in which they are taken. */
    expired: (now: number) =>
      all()
        .filter(({ status, leaseUntil }) => status === 'running' && leaseUntil <= now)
        .toSorted((a, b) => a.leaseUntil - b.leaseUntil || order(a.job, b.job)),

    /** The turns that have expired before a worker had them. */
    tooLate: (now: number) => all().filter((turn) => isExpired(turn, now)),

    /** What is due at its time, in the order in which it is served: an end, or the wake of a parked turn. */
    due: (now: number) =>
      all()
        .flatMap((turn) => [
          { turn, at: turn.deadline, what: 'end' as const },
          ...(turn.wakeAt === undefined ? [] : [{ turn, at: turn.wakeAt, what: 'wake' as const }]),
        ])
        .filter(({ at }) => at <= now)
        .toSorted(
          (a, b) =>
            a.at - b.at || order(deadlineOf(a.turn.job, a.what), deadlineOf(b.turn.job, b.what)),
        ),

    /** How many turns a claim must examine before it comes to those in lanes. */
    returnedBy: (now: number) => dueReturns(now).length,

    limit(name: string, limits: WorkspaceLimits): void {
      const workspace = workspaceOf(name)
      workspace.limits = limits
      settle(workspace)
      forgetIdle(workspace)
    },

    /** A reconciler compares the rings of all workspaces. */
    compare(): void {
      for (const workspace of workspaces.values()) forgetIdle(workspace)
    },

    pause(paused: boolean): void {
      shard.isPaused = paused
    },

    turn: (taskId: string) => turns.get(taskId),

    snapshot: (scope: Scope): string => snapshotOfModel(rings, scope),
  }
}
