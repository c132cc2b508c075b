import { afterTurn, compareShares, jobId, onReturn, type WorkspaceLimits } from '@longhaul/core'
import { keyHash } from './key-hash.ts'

export type ModelTurn = {
  taskId: string
  job: string
  workspace: string
  /** The short form of the fairness key. */
  key: string
  /** The short form of the class of its model; '' for a model without a rate. */
  modelClass: string
  /** The class in whose backlog it waits. A turn that was parked or lost waits without one. */
  waitClass: string
  /** The place in its lane. A turn that returns while its lane is at a limit has place 0. */
  rank: number
  score: number
  status: 'queued' | 'running' | 'parked' | 'ended'
  /** From when a returned turn may start; undefined for a turn that is in its lane. */
  returnedAt?: number | undefined
  /** From when a turn is queued in its lane; undefined for a turn that does not wait for that. */
  dueAt?: number | undefined
  startAt?: number | undefined
  expires?: number | undefined
  since: number
  leaseUntil: number
  deadline: number
  wakeAt?: number | undefined
}

type Lane = {
  key: string
  time: number
  running: Set<ModelTurn>
  queued: Set<ModelTurn>
  isIn: boolean
}
type Workspace = {
  name: string
  limits: WorkspaceLimits
  time: number
  keyTime: number
  isKeyed: boolean
  isIn: boolean
  lanes: Map<string, Lane>
}

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
const dueBase = 1_000_000_000_000_000

/**
 * The specification of the scheduler of a shard: who may start, who is next, what a turn costs. What could start nothing
 * and now could, returns: it has no credit for the time before.
 *
 * It names the turn that a claim gets, unless there are classes of models. A lane whose classes are closed may stay in the
 * rings until a claim finds it there, so that its virtual time is open. Then `faultOf` names what a claim must not do.
 */
export function createSchedulerModel() {
  const workspaces = new Map<string, Workspace>()
  const turns = new Map<string, ModelTurn>()
  const closings = new Map<string, number>()
  let shardTime = 0
  let isPaused = false

  function workspaceOf(name: string): Workspace {
    const known = workspaces.get(name)
    if (known !== undefined) return known
    const made: Workspace = {
      name,
      limits: {},
      time: 0,
      keyTime: 0,
      isKeyed: false,
      isIn: false,
      lanes: new Map(),
    }
    workspaces.set(name, made)
    return made
  }

  function laneOf(workspace: Workspace, key: string): Lane {
    const known = workspace.lanes.get(key)
    if (known !== undefined) return known
    const made: Lane = { key, time: 0, running: new Set(), queued: new Set(), isIn: false }
    workspace.lanes.set(key, made)
    return made
  }

  const laneOfTurn = (turn: ModelTurn) => laneOf(workspaceOf(turn.workspace), turn.key)
  function runningOf({ lanes }: Workspace): number {
    let sum = 0
    for (const { running } of lanes.values()) sum += running.size
    return sum
  }
  const laneMayRun = ({ limits }: Workspace, { running }: Lane) =>
    running.size < (limits.runningPerFairnessKey ?? Infinity)
  const mayRun = (workspace: Workspace) =>
    workspace.limits.paused !== true &&
    runningOf(workspace) < (workspace.limits.running ?? Infinity)
  const mayStart = (turn: ModelTurn) =>
    mayRun(workspaceOf(turn.workspace)) && laneMayRun(workspaceOf(turn.workspace), laneOfTurn(turn))

  /** Puts everything that could start a turn into the rings, and takes the rest out. */
  function settle(workspace: Workspace): void {
    let hasLane = false
    for (const lane of workspace.lanes.values()) {
      const could = lane.queued.size > 0 && laneMayRun(workspace, lane)
      if (could && !lane.isIn) lane.time = onReturn(lane.time, workspace.keyTime)
      lane.isIn = could
      hasLane ||= could
    }
    const could = hasLane && mayRun(workspace)
    if (could && !workspace.isIn) workspace.time = onReturn(workspace.time, shardTime)
    workspace.isIn = could
  }

  /** A key that neither runs nor waits is forgotten when the rings are compared. */
  function forgetIdle({ lanes, keyTime }: Workspace): void {
    for (const lane of lanes.values())
      if (lane.running.size === 0 && lane.queued.size === 0 && lane.time <= keyTime) lane.time = 0
  }

  function enterLane(turn: ModelTurn, score: number): void {
    const workspace = workspaceOf(turn.workspace)
    const lane = laneOf(workspace, turn.key)
    Object.assign(turn, { status: 'queued', score })
    Object.assign(turn, { returnedAt: undefined, dueAt: undefined, wakeAt: undefined })
    if (turn.key !== '' && lane.queued.size === 0 && !workspace.isKeyed) {
      workspace.isKeyed = true
      Object.assign(laneOf(workspace, ''), { time: 0, isIn: false })
    }
    lane.queued.add(turn)
    settle(workspace)
  }

  /** Takes a turn that waits out of its lane, or of where else it waits. */
  function leave(turn: ModelTurn): void {
    laneOfTurn(turn).queued.delete(turn)
    Object.assign(turn, { returnedAt: undefined, dueAt: undefined, wakeAt: undefined })
  }

  function free(turn: ModelTurn, now: number): void {
    const workspace = workspaceOf(turn.workspace)
    const lane = laneOfTurn(turn)
    lane.running.delete(turn)
    const used = now - turn.since
    const { weight = 1 } = workspace.limits
    if (workspace.isKeyed)
      lane.time = afterTurn({ running: 0, weight: 1, virtualTime: lane.time }, used)
    workspace.time = afterTurn({ running: 0, weight, virtualTime: workspace.time }, used)
    settle(workspace)
  }

  function start(turn: ModelTurn, now: number, lockMs: number): void {
    leave(turn)
    Object.assign(turn, { status: 'running', expires: undefined, waitClass: '', since: now })
    turn.leaseUntil = now + lockMs
    laneOfTurn(turn).running.add(turn)
    settle(workspaceOf(turn.workspace))
  }

  const shareOf = (workspace: Workspace) => ({
    name: workspace.name,
    running: runningOf(workspace),
    weight: workspace.limits.weight ?? 1,
    virtualTime: workspace.time,
  })
  /** Among equals, the name decides. */
  function firstWorkspace(): Workspace | undefined {
    const [first] = [...workspaces.values()]
      .filter(({ isIn }) => isIn)
      .toSorted((a, b) => compareShares(shareOf(a), shareOf(b)) || order(a.name, b.name))
    return first
  }
  function firstLane({ lanes }: Workspace): Lane | undefined {
    const share = ({ running, time }: Lane) => ({
      running: running.size,
      weight: 1,
      virtualTime: time,
    })
    const [first] = [...lanes.values()]
      .filter(({ isIn }) => isIn)
      .toSorted((a, b) => compareShares(share(a), share(b)) || order(a.key, b.key))
    return first
  }
  function firstTurn({ queued }: Lane): ModelTurn {
    let first: ModelTurn | undefined
    for (const turn of queued)
      if (first === undefined || (turn.score - first.score || order(turn.job, first.job)) < 0)
        first = turn
    if (first === undefined) throw new Error('the model has an empty lane in a ring')
    return first
  }
  const all = () => [...turns.values()]
  const dueReturns = (now: number) =>
    all()
      .filter(({ returnedAt = Infinity }) => returnedAt <= now)
      .toSorted((a, b) => (a.returnedAt ?? 0) - (b.returnedAt ?? 0) || order(a.job, b.job))
  const dueStarts = (now: number) =>
    all()
      .filter(({ dueAt = Infinity }) => dueAt <= now)
      .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || order(a.job, b.job))
  const isExpired = ({ expires = Infinity }: ModelTurn, now: number) => expires <= now

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

  const isOpen = (turn: ModelTurn, now: number) => (closings.get(turn.waitClass) ?? 0) <= now
  const openTurns = ({ queued }: Lane, now: number) =>
    [...queued].filter((turn) => isOpen(turn, now))
  const openLanes = (workspace: Workspace, now: number) =>
    mayRun(workspace)
      ? [...workspace.lanes.values()].filter(
          (lane) => laneMayRun(workspace, lane) && openTurns(lane, now).length > 0,
        )
      : []

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
      if (isPaused) return undefined
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
          shardTime = Math.max(shardTime, workspace.time)
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
      if (isPaused) return turn && 'a paused shard has started a turn'
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
      if (isPaused) return false
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
      isPaused = paused
    },

    turn: (taskId: string) => turns.get(taskId),

    /** Everything that Redis must contain, as the text of `snapshotOf`. */
    snapshot({ names, keys, classes }: Scope): string {
      const live = all()
      const returned = live.filter(({ returnedAt }) => returnedAt !== undefined)
      const due = scored(live, ({ job, dueAt }) => [[job, dueAt]])
      const lines: string[] = []
      function add(name: string, entries: (readonly [string, number | undefined])[]) {
        lines.push(`${name}=${text(entries)}`)
      }
      const known = names.map(workspaceOf)
      lines.push(
        `returned=${text(scored(returned, ({ job, returnedAt }) => [[job, returnedAt]]))}`,
        `due=${text(due)}`,
        `expiries=${text(scored(live, ({ job, expires }) => [[job, expires]]))}`,
        `leases=${text(scored(live, (of) => [[of.job, of.status === 'running' ? of.leaseUntil : undefined]]))}`,
        `deadlines=${text(
          scored(live, ({ job, deadline, wakeAt }) => [
            [deadlineOf(job, 'end'), deadline],
            [deadlineOf(job, 'wake'), wakeAt],
          ]),
        )}`,
      )
      const isExact = classes.length === 0
      if (isExact) {
        const firstDue = Math.min(...live.map(({ dueAt = Infinity }) => dueAt))
        add('ring', [
          ...(firstDue < Infinity ? [['!due', firstDue - dueBase] as const] : []),
          ...(isPaused ? [['!paused', -3] as const] : []),
          ...(returned.length > 0 ? [['!returned', -1] as const] : []),
          ...known
            .filter(({ isIn }) => isIn)
            .map((workspace) => {
              const { running, weight } = shareOf(workspace)
              return [memberOf(workspace.time, workspace.name), running / weight] as const
            }),
        ])
        lines.push(`time=${shardTime}`)
      }
      for (const workspace of known) {
        const lanes = keys.map((key) => laneOf(workspace, key))
        const running = [...workspace.lanes.values()].flatMap((lane) =>
          [...lane.running].map(({ job }) => job),
        )
        lines.push(
          `running=${running.toSorted(order).join()}`,
          `queued=${lanes.reduce((sum, { queued }) => sum + queued.size, 0)}`,
        )
        if (isExact) {
          lines.push(`times=${onReturn(workspace.time, shardTime)} ${workspace.keyTime}`)
          const inRing = [...workspace.lanes.values()].filter(
            ({ isIn }) => isIn && workspace.isKeyed,
          )
          add(
            'keys',
            inRing.map((lane) => [memberOf(lane.time, lane.key), lane.running.size]),
          )
        }
        for (const lane of lanes) {
          for (const of of ['', ...classes]) {
            const waiting = [...lane.queued].filter(({ waitClass }) => waitClass === of)
            add(
              'turns',
              waiting.map(({ job, score }) => [job, score]),
            )
          }
          const used = workspace.isKeyed ? lane.running.size : 0
          lines.push(
            isExact
              ? `lane=${used} ${workspace.isKeyed ? onReturn(lane.time, workspace.keyTime) : 0}`
              : `lane=${used}`,
          )
        }
      }
      return lines.join('\n')
    },
  }
}

/** What a history uses. Without classes, the rings and the virtual times are compared, too. */
export type Scope = {
  names: readonly string[]
  keys: readonly string[]
  classes: readonly string[]
}

/** Redis compares bytes. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function deadlineOf(job: string, what: 'end' | 'wake'): string {
  return `${job.slice(0, job.lastIndexOf('.'))}:${what}`
}

function memberOf(time: number, name: string): string {
  return `${String(time).padStart(15, '0')}:${name}`
}

type Entry = readonly [member: string, score: number | undefined]

function scored(turns: readonly ModelTurn[], entriesOf: (turn: ModelTurn) => Entry[]): Entry[] {
  return turns.flatMap(entriesOf)
}

/** A set as text, in the order of Redis. An entry without a score is not there. */
function text(entries: readonly Entry[]): string {
  return entries
    .filter((entry): entry is readonly [string, number] => entry[1] !== undefined)
    .toSorted(([a, aScore], [b, bScore]) => aScore - bScore || order(a, b))
    .map(([member, score]) => `${member} ${Number.isInteger(score) ? score + 0 : score.toFixed(6)}`)
    .join()
}
