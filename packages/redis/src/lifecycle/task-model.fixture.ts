import { hasEnded, isSuspect, isUntouchable, type Status } from '@longhaul/core'

/** A step that any process takes on a task. `of` chooses among the attempts so far. */
export type Step =
  | { do: 'submit'; request: number; after: number }
  | { do: 'claim'; of?: number; behind: boolean; alone: boolean }
  | { do: 'append'; of: number; again: boolean; seen: SeenFact }
  | { do: 'stream'; of: number; again: boolean; seen: SeenFact }
  | { do: 'end'; of: number; again: boolean; seen: SeenFact; folded: number; step: boolean }
  | { do: 'park'; of: number; again: boolean; seen: SeenFact; folded: number; ms: number }
  | { do: 'review'; folded: number; behind: boolean }
  | { do: 'release'; of: number; report?: 'died' | 'alone' }
  | { do: 'beat'; of: number }
  | { do: 'cancel'; grace: number }
  | { do: 'expireLeases' | 'serveDeadlines' | 'postpone' | 'workerAlive' }
  | { do: 'forget' | 'purgeDue' }
  | { do: 'wait'; ms: number }

/**
 * The last fact that a writer has seen: the last fact of the log, the one before it, one after its end, one that
 * differs from the log, or none.
 */
export type SeenFact = 'last' | 'earlier' | 'lost' | 'other' | 'untold'

export const times = { lock: 10_000, deadline: 60_000, retention: 86_400_000 }

type Task = {
  status: Status
  turn: number
  requests: Map<number, number>
  log: string[]
  attempt?: string | undefined
  /** Whether an attempt has not released the turn since the turn began. */
  held: boolean
  ordinal: number
  leaseUntil: number
  deadline: number
  /** When a parked turn continues. */
  wakeAt: number
  forgetAt: number
  cancel: boolean
  open: boolean
  deaths: number
  /** The number of these that had streamed output, and the number whose process ran nothing else. */
  streamed: number
  alone: number
  /** The latest attempt whose lease has expired, until its crash is counted, and whether it had streamed output. */
  lost?: { attempt: string; streamed: boolean } | undefined
}

/** The specification of a task on one page: one task, one worker process, any number of attempts. */
export function createTaskModel() {
  const clock = { now: 1_000_000 }
  let task: Task | undefined
  let forgotten = false
  let lastBeat = 0

  const isLive = (known: Task | undefined) => known !== undefined && !hasEnded(known.status)
  const abandon = (known: Task) => {
    if (known.open) known.log.push('parts.abandoned')
    known.open = false
  }
  const finish = (known: Task, status: Status, fact: string) => {
    abandon(known)
    known.log.push(fact)
    Object.assign(known, { status, cancel: false, forgetAt: clock.now + times.retention })
  }
  const lostOf = ({ attempt = '', open }: Task) => ({ attempt, streamed: open })
  const countDeath = (known: Task, how: { streamed: boolean; alone?: boolean }) => {
    known.deaths += 1
    if (how.streamed) known.streamed += 1
    if (how.alone === true) known.alone += 1
    known.lost = undefined
  }
  const holds = (attempt: string) => task?.attempt === attempt && task.status === 'running'

  return {
    clock,
    task: () => task,
    forgotten: () => forgotten,

    submit(request: number, after: number): string {
      if (forgotten) return 'not_found'
      if (task === undefined && after > 0) return 'not_found'
      if (task?.requests.has(request) === true) return 'replay'
      if (task !== undefined && (isLive(task) || task.turn !== after)) return 'conflict'
      const { requests = new Map<number, number>(), log = [], open = false } = task ?? {}
      requests.set(request, after + 1)
      log.push('turn.started')
      task = {
        status: 'queued',
        turn: after + 1,
        requests,
        log,
        held: false,
        ordinal: 0,
        leaseUntil: 0,
        deadline: clock.now + times.deadline,
        wakeAt: Infinity,
        forgetAt: Infinity,
        cancel: false,
        open,
        deaths: 0,
        streamed: 0,
        alone: 0,
      }
      return 'accepted'
    },

    claim(turn: number, attempt: string, alone: boolean): string {
      if (task === undefined || task.turn !== turn) return 'gone'
      const holdsTurn = holds(attempt)
      if (!holdsTurn && task.status !== 'queued') return 'gone'
      if (!holdsTurn) {
        if (task.held && lastBeat + 0.75 * times.lock <= clock.now) {
          countDeath(task, { streamed: task.open })
          task.held = false
        }
        if (!alone && isSuspect(task) && !isUntouchable(task)) {
          Object.assign(task, { status: 'queued', attempt: undefined, held: false })
          return `suspect ${task.deaths} ${task.alone}`
        }
        abandon(task)
        task.log.push('attempt.started')
        Object.assign(task, { status: 'running', attempt, ordinal: 0, held: true })
      }
      task.leaseUntil = clock.now + times.lock
      return `claimed ${task.deaths} ${task.alone} ${isUntouchable(task) ? 0 : task.log.length}`
    },

    append(
      attempt: string,
      ordinal: number,
      seen: SeenFact,
      decision?: { folded: number; wakeAt?: number; step?: boolean },
    ): string {
      if (task?.attempt !== attempt) return 'fenced'
      if (task.ordinal >= ordinal) return 'ok'
      if (task.status !== 'running' || isLost(seen)) return 'fenced'
      if (decision !== undefined && decision.folded !== task.log.length) return 'stale'
      task.ordinal = ordinal
      Object.assign(task, { deaths: 0, streamed: 0, alone: 0 })
      if (decision === undefined) task.log.push('tool.called')
      else if (decision.wakeAt === undefined) {
        // The last step of the turn closes the parts that are being streamed.
        if (decision.step === true) {
          task.open = false
          task.log.push('part.finished', 'step.finished')
        }
        finish(task, 'completed', 'turn.completed')
      } else {
        task.log.push('turn.parked')
        Object.assign(task, { status: 'parked', wakeAt: decision.wakeAt, held: false })
      }
      return 'ok'
    },

    review(turn: number, folded: number): string {
      if (task === undefined || !isLive(task) || task.turn !== turn) return 'ended'
      if (folded !== task.log.length) return 'stale'
      task.log.push('review.decided')
      if (task.status === 'parked') {
        Object.assign(task, { status: 'queued' })
      }
      return 'recorded'
    },

    stream(attempt: string, ordinal: number, seen: SeenFact): boolean {
      if (task === undefined || !holds(attempt)) return false
      if (task.ordinal >= ordinal) return true
      if (isLost(seen)) return false
      task.ordinal = ordinal
      task.open = true
      return true
    },

    beat(attempt: string): boolean {
      if (task === undefined || !holds(attempt) || task.leaseUntil <= clock.now) return false
      task.leaseUntil = clock.now + times.lock
      return true
    },

    release(attempt: string, report?: 'died' | 'alone'): boolean {
      if (task === undefined || !isLive(task)) return false
      const alone = report === 'alone'
      if (!holds(attempt)) {
        const { lost } = task
        const moved = task.status === 'running' && task.ordinal > 0
        if (report !== undefined && lost?.attempt === attempt && !moved)
          countDeath(task, { streamed: lost.streamed, alone })
        return false
      }
      if (report !== undefined) countDeath(task, { streamed: task.open, alone })
      Object.assign(task, { status: 'queued', attempt: undefined, held: false })
      return true
    },

    cancel(grace: number): string {
      if (task === undefined) return 'not_found'
      if (!isLive(task)) return 'ended'
      if (!task.cancel) task.log.push('cancel.requested')
      const wasTold = task.cancel && task.deadline <= clock.now
      if (task.status !== 'running' || grace === 0 || task.deaths > 0 || wasTold) {
        finish(task, 'cancelled', 'turn.failed')
        return 'ended'
      }
      if (!task.cancel) task.deadline = Math.min(task.deadline, clock.now + grace)
      task.cancel = true
      return 'stopping'
    },

    expireLeases(): number {
      if (task?.status !== 'running' || task.leaseUntil > clock.now) return 0
      const lost = lostOf(task)
      Object.assign(task, { status: 'queued', attempt: undefined, lost })
      return 1
    },

    serveDeadlines(): string {
      if (task === undefined) return '0 0'
      const wakes = task.status === 'parked' && task.wakeAt <= clock.now
      const resumed = wakes && task.wakeAt < task.deadline ? 1 : 0
      if (resumed === 1) Object.assign(task, { status: 'queued' })
      if (!isLive(task) || task.deadline > clock.now) return `0 ${resumed}`
      finish(
        task,
        task.log.lastIndexOf('cancel.requested') > task.log.lastIndexOf('turn.started')
          ? 'cancelled'
          : 'failed',
        'turn.failed',
      )
      return `1 ${resumed}`
    },

    workerAlive(): void {
      lastBeat = clock.now
    },

    purge(): string {
      if (task === undefined) return 'not_found'
      if (isLive(task)) return 'live'
      task = undefined
      forgotten = true
      return 'forgotten'
    },

    purgeDue(): number {
      if (task === undefined || isLive(task) || task.forgetAt > clock.now) return 0
      task = undefined
      forgotten = true
      return 1
    },
  }
}

export type TaskModel = ReturnType<typeof createTaskModel>

function isLost(seen: SeenFact): boolean {
  return seen === 'lost' || seen === 'other'
}
