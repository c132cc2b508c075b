import {
  advance,
  type Ends,
  type FiringOutcome,
  hasEnded,
  limits,
  type LiveRun,
  type OccurrenceRecord,
  runKey,
  type Schedule,
  type ScheduleState,
  type ScheduleStore,
  scheduleWrite,
  settleFiring,
  type StoredSchedule,
  type TaskStore,
} from '@longhaul/core'
import { newTaskId, type NewTaskPorts } from '../submit/new-task-id.ts'
import { type FiringPorts, submitFiring } from './submit-firing.ts'

export type ServePorts = FiringPorts &
  NewTaskPorts & {
    schedules: ScheduleStore
    store: TaskStore
    /** Receives each occurrence that is skipped or refused, and each schedule that stops because its runs fail. */
    onSkipped: (schedule: Schedule, record: OccurrenceRecord) => void
    onPaused: (schedule: Schedule, state: ScheduleState) => void
  }

/** The most submits of one schedule in a pass. Others wait for the next one. */
const mostFirings = 20

/**
 * Does what is due for a schedule: fires occurrences, skips them, looks how its runs have ended. Each decision is stored
 * before it is acted on, and only if no other process has stored one in the meantime. So several processes may serve a
 * schedule, and any of them may die.
 */
export async function serveSchedule(id: string, ports: ServePorts): Promise<void> {
  const { schedules } = ports
  for (let firings = 0; firings < mostFirings;) {
    const stored = await schedules.get(id)
    if (stored === undefined) return
    const { schedule, state } = stored
    const now = await schedules.time()
    const { firing } = state
    if (firing !== undefined && (firing.retryAt ?? now) <= now) {
      const outcome = await submitFiring(schedule, firing, ports)
      if (outcome.kind === 'agent_gone') {
        await schedules.remove(id)
        return
      }
      await settle({ id, firing: firing.id, outcome }, ports)
      firings += 1
      continue
    }
    const ends = await endsOf(state.live, ports.store)
    const freshTaskId = await newTaskId(schedule.workspace, ports)
    const { cancels, ...next } = advance(schedule, state, { now, ends, freshTaskId })
    if (!(await write(stored, { ...next, now }, ports))) continue
    await cancelAll(cancels, ports.store)
    const { firing: started } = next.state
    if (started === undefined || (started.retryAt ?? now) > now) return
  }
}

/** Stores the outcome of a submit. A change of the schedule in the meantime does not change what has happened. */
async function settle(
  { id, firing, outcome }: { id: string; firing: string; outcome: FiringOutcome },
  ports: ServePorts,
): Promise<void> {
  for (;;) {
    const stored = await ports.schedules.get(id)
    if (stored === undefined) return
    const now = await ports.schedules.time()
    const settled = settleFiring(stored.schedule, stored.state, { id: firing, outcome, now })
    if (settled === undefined || (await write(stored, { ...settled, now }, ports))) return
  }
}

type Next = { state: ScheduleState; records: OccurrenceRecord[]; now: number }

/** Returns whether the schedule was as it had been read. */
async function write(
  stored: StoredSchedule,
  { state, records, now }: Next,
  { schedules, onSkipped, onPaused }: ServePorts,
): Promise<boolean> {
  const { schedule, state: before } = stored
  const outcome = await schedules.write(scheduleWrite(stored, { state, records }, now))
  if (outcome === 'stale') return false
  if (outcome === 'not_found') return true
  for (const record of records) if (record.status !== 'started') onSkipped(schedule, record)
  if (before.isActive && state.pausedReason === 'failures') onPaused(schedule, state)
  return true
}

async function endsOf(live: LiveRun[], store: Pick<TaskStore, 'view'>): Promise<Ends> {
  const ends = new Map<string, 'succeeded' | 'failed'>()
  for (const run of live) {
    const view = await store.view(run.taskId)
    if (view?.turn === run.turn && !hasEnded(view.status)) continue
    const isFailed = view?.turn === run.turn && view.status === 'failed'
    ends.set(runKey(run), isFailed ? 'failed' : 'succeeded')
  }
  return ends
}

async function cancelAll(runs: LiveRun[], store: Pick<TaskStore, 'cancel'>): Promise<void> {
  const options = { reason: 'the next run of its schedule has come', graceMs: limits.cancelGrace }
  for (const { taskId, turn } of runs) await store.cancel({ taskId, turn }, options)
}
