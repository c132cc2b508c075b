import { afterTurn, compareShares, onReturn, type WorkspaceLimits } from '@longhaul/core'

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

export type Lane = {
  key: string
  time: number
  running: Set<ModelTurn>
  queued: Set<ModelTurn>
  isIn: boolean
}
export type Workspace = {
  name: string
  limits: WorkspaceLimits
  time: number
  keyTime: number
  isKeyed: boolean
  isIn: boolean
  lanes: Map<string, Lane>
}

export type ModelRings = ReturnType<typeof createModelRings>

/**
 * The turns, lanes and rings of a shard. What could start nothing and now could, returns: it has no credit for the time
 * before.
 */
export function createModelRings() {
  const workspaces = new Map<string, Workspace>()
  const turns = new Map<string, ModelTurn>()
  /** Until when a class of models is closed. */
  const closings = new Map<string, number>()
  const shard = { time: 0, isPaused: false }

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
    if (could && !workspace.isIn) workspace.time = onReturn(workspace.time, shard.time)
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
    workspaces,
    turns,
    closings,
    shard,
    workspaceOf,
    laneOf,
    runningOf,
    mayRun,
    mayStart,
    settle,
    forgetIdle,
    enterLane,
    leave,
    free,
    start,
    shareOf,
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
  }
}

/** Redis compares bytes. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
