import { afterTurn, compareShares, jobId, onReturn, type WorkspaceLimits } from '@longhaul/core'
import { keyHash } from './key-hash.ts'

export type ModelTurn = {
  taskId: string
  job: string
  workspace: string
  /** The short form of the fairness key. */
  key: string
  /** The place in its lane. A turn that returns while its lane is at a limit has place 0. */
  rank: number
  score: number
  status: 'queued' | 'running' | 'parked' | 'ended'
  /** From when a returned turn may start; undefined for a turn that is in its lane. */
  returnedAt?: number | undefined
  since: number
  leaseUntil: number
  deadline: number
  wakeAt?: number | undefined
}

type Lane = { key: string; time: number; running: Set<ModelTurn>; isIn: boolean }
type Workspace = {
  name: string
  limits: WorkspaceLimits
  time: number
  keyTime: number
  isKeyed: boolean
  isIn: boolean
  lanes: Map<string, Lane>
}

/** A claim examines at most this many turns. */
const candidates = 8

/**
 * The specification of the scheduler of a shard: who may start, who is next, what a turn costs. What could start nothing
 * and now could, returns: it has no credit for the time before.
 */
export function createSchedulerModel() {
  const workspaces = new Map<string, Workspace>()
  const turns = new Set<ModelTurn>()
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
    const made: Lane = { key, time: 0, running: new Set(), isIn: false }
    workspace.lanes.set(key, made)
    return made
  }

  const laneOfTurn = (turn: ModelTurn) => laneOf(workspaceOf(turn.workspace), turn.key)
  const runningOf = ({ lanes }: Workspace) =>
    [...lanes.values()].reduce((sum, { running }) => sum + running.size, 0)
  const inLane = ({ name }: Workspace, key: string) =>
    [...turns].filter(
      (turn) =>
        turn.workspace === name &&
        turn.key === key &&
        turn.status === 'queued' &&
        turn.returnedAt === undefined,
    )
  const laneMayRun = ({ limits }: Workspace, { running }: Lane) =>
    running.size < (limits.runningPerFairnessKey ?? Infinity)
  const mayRun = (workspace: Workspace) =>
    workspace.limits.paused !== true &&
    runningOf(workspace) < (workspace.limits.running ?? Infinity)
  const mayStart = (turn: ModelTurn) =>
    mayRun(workspaceOf(turn.workspace)) && laneMayRun(workspaceOf(turn.workspace), laneOfTurn(turn))

  /** Puts everything that could start a turn into the rings, and takes the rest out. */
  function settle(): void {
    for (const workspace of workspaces.values()) {
      const lanes = [...workspace.lanes.values()]
      for (const lane of lanes) {
        const could = inLane(workspace, lane.key).length > 0 && laneMayRun(workspace, lane)
        if (could && !lane.isIn) lane.time = onReturn(lane.time, workspace.keyTime)
        lane.isIn = could
      }
      const could = mayRun(workspace) && lanes.some(({ isIn }) => isIn)
      if (could && !workspace.isIn) workspace.time = onReturn(workspace.time, shardTime)
      workspace.isIn = could
    }
  }

  function enterLane(turn: ModelTurn, score: number): void {
    const workspace = workspaceOf(turn.workspace)
    const isFirst = inLane(workspace, turn.key).length === 0
    Object.assign(turn, { status: 'queued', score, returnedAt: undefined, wakeAt: undefined })
    laneOf(workspace, turn.key)
    if (turn.key !== '' && isFirst && !workspace.isKeyed) {
      workspace.isKeyed = true
      const lane = laneOf(workspace, '')
      Object.assign(lane, { time: 0, isIn: false })
    }
    settle()
  }

  function returnAt(turn: ModelTurn, time: number): void {
    Object.assign(turn, { status: 'queued', returnedAt: time })
    settle()
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
  }

  function start(turn: ModelTurn, now: number, lockMs: number): void {
    Object.assign(turn, { status: 'running', returnedAt: undefined, since: now })
    turn.leaseUntil = now + lockMs
    laneOfTurn(turn).running.add(turn)
    settle()
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
  const dueReturns = (now: number) =>
    [...turns]
      .filter(({ status, returnedAt = Infinity }) => status === 'queued' && returnedAt <= now)
      .toSorted((a, b) => (a.returnedAt ?? 0) - (b.returnedAt ?? 0) || order(a.job, b.job))

  return {
    submit(taskId: string, of: { workspace: string; key: string; rank: number; deadline: number }) {
      const { workspace, key, rank, deadline } = of
      const turn: ModelTurn = {
        taskId,
        job: jobId(taskId, 1),
        workspace,
        key: keyHash(key),
        rank,
        score: rank,
        status: 'queued',
        since: 0,
        leaseUntil: 0,
        deadline,
      }
      enterLane(turn, rank)
      turns.add(turn)
      settle()
    },

    /** The turn that starts; undefined when none may. */
    claim(now: number, lockMs: number): ModelTurn | undefined {
      if (isPaused) return undefined
      for (let tried = 0; tried < candidates; tried += 1) {
        const [due] = dueReturns(now)
        if (due === undefined) {
          const workspace = firstWorkspace()
          const lane = workspace && firstLane(workspace)
          if (workspace === undefined || lane === undefined) return undefined
          const [turn] = inLane(workspace, lane.key).toSorted(
            (a, b) => a.score - b.score || order(a.job, b.job),
          )
          if (turn === undefined) throw new Error('the model has an empty lane in a ring')
          start(turn, now, lockMs)
          shardTime = Math.max(shardTime, workspace.time)
          if (workspace.isKeyed) workspace.keyTime = Math.max(workspace.keyTime, lane.time)
          return turn
        }
        if (mayStart(due)) {
          start(due, now, lockMs)
          return due
        }
        enterLane(due, 0)
      }
      return undefined
    },

    /** Whether a claim would find a turn now. */
    hasWork: (now: number) =>
      !isPaused && (dueReturns(now).some(mayStart) || firstWorkspace() !== undefined),

    /** Ends a turn in any state. */
    end(turn: ModelTurn, now: number): void {
      if (turn.status === 'running') free(turn, now)
      turn.status = 'ended'
      turns.delete(turn)
      settle()
    },

    park(turn: ModelTurn, now: number, wakeAt: number): void {
      free(turn, now)
      Object.assign(turn, { status: 'parked', wakeAt })
      settle()
    },

    resume: (turn: ModelTurn) => enterLane(turn, turn.rank),

    release(turn: ModelTurn, now: number, at: number): void {
      free(turn, now)
      returnAt(turn, at)
    },

    /** The turns whose lease is over, in the order in which they are taken. */
    expired: (now: number) =>
      [...turns]
        .filter(({ status, leaseUntil }) => status === 'running' && leaseUntil <= now)
        .toSorted((a, b) => a.leaseUntil - b.leaseUntil || order(a.job, b.job)),

    /** What is due at its time, in the order in which it is served: an end, or the wake of a parked turn. */
    due: (now: number) =>
      [...turns]
        .flatMap((turn) => [
          { turn, at: turn.deadline, what: 'end' as const },
          ...(turn.wakeAt === undefined ? [] : [{ turn, at: turn.wakeAt, what: 'wake' as const }]),
        ])
        .filter(({ at }) => at <= now)
        .toSorted(
          (a, b) =>
            a.at - b.at || order(deadlineOf(a.turn.job, a.what), deadlineOf(b.turn.job, b.what)),
        ),

    limit(name: string, limits: WorkspaceLimits): void {
      workspaceOf(name).limits = limits
      settle()
    },

    pause(paused: boolean): void {
      isPaused = paused
    },

    turn: (taskId: string) => [...turns].find((turn) => turn.taskId === taskId),
    turns: () => [...turns],

    /** Everything that Redis must contain, in the form of `snapshot`. */
    snapshot(names: readonly string[], keys: readonly string[]): Snapshot {
      const live = [...turns]
      const returned = live.filter(
        ({ status, returnedAt }) => status === 'queued' && returnedAt !== undefined,
      )
      const known = names.map(workspaceOf)
      return {
        ring: scored([
          ...(isPaused ? [['!paused', -3] as const] : []),
          ...(returned.length > 0 ? [['!returned', -1] as const] : []),
          ...known
            .filter(({ isIn }) => isIn)
            .map((workspace) => {
              const { running, weight } = shareOf(workspace)
              return [memberOf(workspace.time, workspace.name), running / weight] as const
            }),
        ]),
        returned: scored(returned.map(({ job, returnedAt = 0 }) => [job, returnedAt])),
        leases: scored(
          live
            .filter(({ status }) => status === 'running')
            .map(({ job, leaseUntil }) => [job, leaseUntil]),
        ),
        deadlines: scored(
          live.flatMap(({ job, deadline, wakeAt }) => [
            [deadlineOf(job, 'end'), deadline] as const,
            ...(wakeAt === undefined ? [] : [[deadlineOf(job, 'wake'), wakeAt] as const]),
          ]),
        ),
        time: shardTime,
        workspaces: known.map((workspace) => {
          const lanes = keys.map((key) => {
            const lane = laneOf(workspace, key)
            return {
              turns: scored(inLane(workspace, key).map(({ job, score }) => [job, score])),
              running: workspace.isKeyed ? lane.running.size : 0,
              time: workspace.isKeyed ? onReturn(lane.time, workspace.keyTime) : 0,
            }
          })
          return {
            running: [...workspace.lanes.values()]
              .flatMap(({ running }) => [...running].map(({ job }) => job))
              .toSorted(order),
            queued: lanes.reduce((sum, lane) => sum + lane.turns.length, 0),
            time: onReturn(workspace.time, shardTime),
            keyTime: workspace.keyTime,
            keys: workspace.isKeyed
              ? scored(
                  [...workspace.lanes.values()]
                    .filter(({ isIn }) => isIn)
                    .map(({ key, time, running }) => [memberOf(time, key), running.size]),
                )
              : [],
            lanes,
          }
        }),
      }
    },
  }
}

/** The state of a shard. A member of a set is written as `member score`. */
export type Snapshot = {
  ring: string[]
  returned: string[]
  leases: string[]
  deadlines: string[]
  time: number
  workspaces: {
    running: string[]
    queued: number
    /** Times are as of a return now: an earlier time has no effect. */
    time: number
    keyTime: number
    keys: string[]
    lanes: { turns: string[]; running: number; time: number }[]
  }[]
}

/** Redis compares bytes. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function deadlineOf(job: string, what: 'end' | 'wake'): string {
  return `${job.replace(/\.\d+$/, '')}:${what}`
}

function memberOf(time: number, name: string): string {
  return `${String(time).padStart(15, '0')}:${name}`
}

function scored(entries: readonly (readonly [string, number])[]): string[] {
  return entries
    .toSorted(([a, aScore], [b, bScore]) => aScore - bScore || order(a, b))
    .map(([member, score]) => `${member} ${score}`)
}
