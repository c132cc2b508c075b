import { hash } from 'node:crypto'
import {
  changedState,
  dueTime,
  invalid,
  limits,
  LonghaulError,
  newScheduleState,
  type Occurrence,
  type OccurrenceRecord,
  type Schedule,
  type ScheduleState,
  type ScheduleStore,
  scheduleWrite,
  type StoredSchedule,
  type TaskStore,
  type Timing,
  upcoming,
  withBackfill,
  withManualRun,
} from '@longhaul/core'
import { orRepeat } from '../lib/when-unavailable.ts'
import type { Agents } from '../registry/agents.ts'
import type { Seal } from '../secrets/seal.ts'
import { newTaskId, type NewTaskPorts } from '../submit/new-task-id.ts'
import { agentIdOf, findSchedule, type ScheduleName, unknownSchedule } from './find-schedule.ts'
import { listRuns } from './list-runs.ts'
import {
  checkSchedule,
  patched,
  type ScheduleInput,
  type SchedulePatch,
  storedPayload,
} from './schedule-input.ts'

export type Schedules = ReturnType<typeof createSchedules>

type Ports = NewTaskPorts & {
  schedules: ScheduleStore
  store: TaskStore
  agents: Pick<Agents, 'identify' | 'get'>
  seal: Seal
}

/** A schedule as it is now. */
export type CurrentSchedule = Pick<StoredSchedule, 'schedule' | 'state'>

type OfAgent = Omit<ScheduleName, 'id'>
/** The id of the key that makes a change. */
type By = { keyId: string }
type Change = { schedule: Schedule; state: ScheduleState; records?: OccurrenceRecord[] }

/** The verbs on the schedules of agents. An agent is named by its key or its id. */
export function createSchedules(ports: Ports) {
  const { schedules: store, seal } = ports

  /** Changes a schedule as `change` says. It is called again when another write came first. */
  async function write(
    name: ScheduleName,
    change: (current: CurrentSchedule, now: number) => Change,
    request?: string,
  ): Promise<CurrentSchedule & { isRepeat?: true }> {
    for (let left = limits.changeTries; left > 0; left -= 1) {
      const stored = await findSchedule(name, ports)
      // Before the change, which may be refused by now.
      if (request !== undefined && (await store.wasWritten(name.id, request))) {
        return { ...stored, isRepeat: true }
      }
      const now = await store.time()
      const next = change(stored, now)
      const changed = scheduleWrite(stored, next, now)
      const outcome = await store.write({ ...changed, ...(request !== undefined && { request }) })
      if (outcome === 'written') return next
      if (outcome === 'repeated') return { ...stored, isRepeat: true }
      if (outcome === 'not_found') throw unknownSchedule(name.id)
    }
    throw new LonghaulError(
      'conflict',
      `Schedule ${name.id} is changed by other requests at the same time: send the request again.`,
    )
  }

  return {
    async create(
      { workspace, agent }: OfAgent,
      input: ScheduleInput,
      { keyId }: By,
    ): Promise<CurrentSchedule> {
      const agentId = await agentIdOf({ workspace, agent }, ports)
      await checkTag({ workspace, agentId, tag: input.agentTag }, ports)
      const now = await store.time()
      const schedule: Schedule = {
        ...input,
        payload: storedPayload(input.payload, { workspace, seal }),
        // Like a task, a schedule is in the shard that its id names.
        id: await newTaskId(workspace, ports),
        workspace,
        agentId,
        createdAt: now,
        createdBy: keyId,
        updatedAt: now,
      }
      checkSchedule(schedule)
      const state = newScheduleState(schedule, now)
      await store.create({ schedule, state, dueAt: dueTime(schedule, state, now) })
      return { schedule, state }
    },

    async list(name: OfAgent): Promise<CurrentSchedule[]> {
      const agentId = await agentIdOf(name, ports)
      const all = await store.list(agentId)
      return all.filter(({ schedule }) => schedule.workspace === name.workspace)
    },

    /** The schedules of all agents of a workspace, the newest first. */
    all: (workspace: string, page: { after?: string | undefined; limit: number }) =>
      store.listAll(workspace, page),

    /** When a schedule with these times would fire, if it began now. Its spread is not known yet. */
    async preview(timing: Omit<Timing, 'id'> & Pick<Schedule, 'maxRuns'>): Promise<number[]> {
      const { spread: _, ...fields } = { ...timing, id: '' }
      const state = newScheduleState(fields, await store.time())
      return upcoming(fields, state, limits.schedules.upcoming)
    },

    get: (name: ScheduleName): Promise<CurrentSchedule> => findSchedule(name, ports),

    async update(
      name: ScheduleName,
      patch: SchedulePatch,
      { keyId }: By,
    ): Promise<CurrentSchedule> {
      const { workspace } = name
      const agentId = await agentIdOf(name, ports)
      const { isActive, payload: given, ...fields } = patch
      await checkTag({ workspace, agentId, tag: fields.agentTag }, ports)
      return await write(name, ({ schedule: before, state }, now) => {
        const { payload: current } = before
        const payload =
          given === undefined ? current : storedPayload(given, { workspace, current, seal })
        const schedule = {
          ...patched(before, fields, payload),
          updatedAt: now,
          updatedBy: keyId,
        }
        checkSchedule(schedule)
        return { schedule, ...changedState(state, { before, after: schedule, isActive, now }) }
      })
    },

    async remove(name: ScheduleName): Promise<void> {
      await findSchedule(name, ports)
      await orRepeat('Delete it again: not found means that it is gone.', () =>
        store.remove(name.id),
      )
    },

    /**
     * Lets an active schedule run once at once. Its other runs do not change. Requests with the same key are one run:
     * returns whether this one is a repeat.
     */
    async trigger(name: ScheduleName, key?: string): Promise<{ isRepeat: boolean }> {
      const run = ports.newId()
      const request = key === undefined ? undefined : `trigger.${hash('sha256', key)}`
      const { isRepeat = false } = await write(
        name,
        ({ schedule, state }, now) => ({
          schedule,
          state: withManualRun(state, { name: run, now }),
        }),
        request,
      )
      return { isRepeat }
    },

    /** Runs all occurrences of a past time span again, or for the first time. Returns them. */
    async backfill(name: ScheduleName, span: { from: number; to: number }): Promise<Occurrence[]> {
      let added: Occurrence[] = []
      await write(name, ({ schedule, state }, now) => {
        if (span.to < span.from) throw invalid('to', 'must not be before from')
        if (span.to > now) throw invalid('to', 'must not be in the future')
        const { runs, state: next } = withBackfill(schedule, state, span)
        added = runs
        return { schedule, state: next }
      })
      return added
    },

    runs: async (name: ScheduleName, page: { skip: number; limit: number }) =>
      await listRuns(await findSchedule(name, ports), page, ports),
  }
}

async function checkTag(
  {
    workspace,
    agentId,
    tag,
  }: { workspace: string; agentId: string; tag: string | null | undefined },
  { agents }: Pick<Ports, 'agents'>,
): Promise<void> {
  if (tag == null) return
  try {
    await agents.get(workspace, `${agentId}@${tag}`)
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'not_found') throw error
    throw invalid('agent_tag', `is ${tag}, and the agent has no such version`)
  }
}
