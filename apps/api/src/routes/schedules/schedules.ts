import { parseIsoTime } from '@longhaul/core'
import { z } from 'zod'
import {
  BackfillReply,
  scheduleBody,
  ScheduleReply,
  SchedulesReply,
  TriggeredReply,
} from '../../dialects/orq/schedules/schedule-body.ts'
import {
  Backfill,
  CreateSchedule,
  toScheduleInput,
  toSchedulePatch,
  UpdateSchedule,
} from '../../dialects/orq/schedules/schedule-request.ts'
import { isoTime } from '../../dialects/shared/reply-fields.ts'
import { changedBy } from '../../auth/principal.ts'
import { json } from '../../reply-doc.ts'
import { idempotencyKey, replayedHeader, sentKeyOf } from '../../request/idempotency-key.ts'
import type { Call, Route } from '../../route.ts'
import type { Deps } from '../../deps.ts'
import { listAllSchedules } from './list-all-schedules.ts'
import { listScheduleRuns } from './list-runs.ts'
import { previewSchedule } from './preview-schedule.ts'
import { readPayload } from './read-payload.ts'

const path = '/v3/agents/:agent_key/schedules'
const tag = 'Schedules'

type Of = Pick<Call, 'workspace' | 'params'>

function nameOf({ workspace, params }: Of) {
  return { workspace, agent: params['agent_key'] ?? '', id: params['schedule_id'] ?? '' }
}

/** The key of an agent that a path may also name by its id. */
async function keyOf({ workspace, params }: Of, { agents }: Deps): Promise<string> {
  return (await agents.get(workspace, params['agent_key'] ?? '')).key
}

const createSchedule: Route<typeof CreateSchedule> = {
  method: 'post',
  path,
  body: CreateSchedule,
  doc: {
    operationId: 'createSchedule',
    tag,
    summary: 'Create a schedule',
    description:
      'Runs the agent at the times of the schedule. Each run is a request like any other: it has its own task, unless `continue_task` is set, and the limits of the workspace apply to it. A limit may delay a run. It never drops one.',
    replies: { 201: json('The schedule.', ScheduleReply) },
  },
  async handle(call, deps) {
    const name = nameOf(call)
    const input = toScheduleInput(call.body, readPayload(name))
    const created = await deps.schedules.create(name, input, changedBy(call))
    return { status: 201, body: scheduleBody(created, await keyOf(call, deps)) }
  },
}

const listSchedules: Route = {
  method: 'get',
  path,
  doc: {
    operationId: 'listSchedules',
    tag,
    summary: 'List the schedules of an agent',
    replies: { 200: json('All schedules of the agent.', SchedulesReply) },
  },
  async handle(call, deps) {
    const all = await deps.schedules.list(nameOf(call))
    const key = await keyOf(call, deps)
    return {
      status: 200,
      large: true,
      body: { schedules: all.map((each) => scheduleBody(each, key)) },
    }
  },
}

const readSchedule: Route = {
  method: 'get',
  path: `${path}/:schedule_id`,
  doc: {
    operationId: 'retrieveSchedule',
    tag,
    summary: 'Read a schedule',
    replies: { 200: json('The schedule.', ScheduleReply) },
  },
  async handle(call, deps) {
    const found = await deps.schedules.get(nameOf(call))
    return { status: 200, body: scheduleBody(found, await keyOf(call, deps)) }
  },
}

const updateSchedule: Route<typeof UpdateSchedule> = {
  method: 'patch',
  path: `${path}/:schedule_id`,
  body: UpdateSchedule,
  doc: {
    operationId: 'updateSchedule',
    tag,
    summary: 'Change a schedule',
    description:
      'Only the fields in the request change. Other times (`type`, `expression`, `timezone`, `start_at`, `end_at`), and an activation, begin a new generation: occurrences that wait are skipped. `null` clears an optional field.',
    replies: { 200: json('The schedule.', ScheduleReply) },
    errors: { 409: 'The schedule was changed concurrently.' },
  },
  async handle(call, deps) {
    const name = nameOf(call)
    const patch = toSchedulePatch(call.body, readPayload(name))
    const changed = await deps.schedules.update(name, patch, changedBy(call))
    return { status: 200, body: scheduleBody(changed, await keyOf(call, deps)) }
  },
}

const deleteSchedule: Route = {
  method: 'delete',
  path: `${path}/:schedule_id`,
  doc: {
    operationId: 'deleteSchedule',
    tag,
    summary: 'Delete a schedule',
    description: 'It does not fire again. The tasks that it has started stay.',
    replies: { 204: { description: 'The schedule is gone.' } },
  },
  async handle(call, { schedules: verbs }) {
    await verbs.remove(nameOf(call))
    return { status: 204 }
  },
}

const TriggerHeaders = z.object({
  'Idempotency-Key': idempotencyKey.meta({
    description:
      'A key that makes a retry safe for 24 hours. Requests with the same key are one run of the schedule, and the reply to a repeat has the header `Idempotent-Replayed: true`.',
  }),
})

const triggerSchedule: Route = {
  method: 'post',
  path: `${path}/:schedule_id/execution`,
  doc: {
    operationId: 'triggerSchedule',
    tag,
    summary: 'Run a schedule now',
    description:
      'Runs the payload of an active schedule within about a second. Its times do not change. If an earlier run has not ended, this one waits for its end, unless `overlap` is `allow`.',
    headers: TriggerHeaders,
    replies: { 202: json('The run will start.', TriggeredReply) },
    errors: { 409: 'Too many runs of the schedule wait.' },
  },
  async handle(call, { schedules: verbs }) {
    const name = nameOf(call)
    const { isRepeat } = await verbs.trigger(name, sentKeyOf(call.request))
    const body: z.output<typeof TriggeredReply> = { schedule_id: name.id, status: 'triggered' }
    return { status: 202, body, ...(isRepeat && { headers: replayedHeader }) }
  },
}

const backfillSchedule: Route<typeof Backfill> = {
  method: 'post',
  path: `${path}/:schedule_id/backfill`,
  body: Backfill,
  doc: {
    operationId: 'backfillSchedule',
    tag,
    summary: 'Run past occurrences of a schedule',
    description:
      'Runs every occurrence from `from` to `to`, both included, also those that have run before. They wait for each other, unless `overlap` is `allow`. At most 100 in one request.',
    replies: { 202: json('The runs that will start.', BackfillReply) },
    errors: { 409: 'Too many runs of the schedule wait.' },
  },
  async handle(call, { schedules: verbs }) {
    const name = nameOf(call)
    const span = { from: parseIsoTime(call.body.from) ?? 0, to: parseIsoTime(call.body.to) ?? 0 }
    const runs = await verbs.backfill(name, span)
    const body = {
      schedule_id: name.id,
      runs: runs.map(({ id, at }) => ({ _id: id, scheduled_for: isoTime(at) })),
    }
    return { status: 202, body }
  },
}

/** The schedules of agents, as the orq SDK has them, with their runs and backfills. */
export const schedules: Route[] = [
  listAllSchedules,
  previewSchedule,
  createSchedule,
  listSchedules,
  readSchedule,
  updateSchedule,
  deleteSchedule,
  triggerSchedule,
  listScheduleRuns,
  backfillSchedule,
]
