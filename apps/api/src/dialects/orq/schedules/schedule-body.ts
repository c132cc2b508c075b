import { limits, responseId, upcoming } from '@longhaul/core'
import type { CurrentSchedule, ScheduleRun } from '@longhaul/tasks'
import { z } from 'zod'
import { defined } from '../../shared/defined.ts'
import { freeMap, isoTime as iso, time } from '../../shared/reply-fields.ts'
import { maskSecrets } from '../mask-secrets.ts'

export const ScheduleReply = z
  .object({
    _id: z.string(),
    agent_key: z.string(),
    agent_tag: z.string().optional(),
    created: time,
    created_by_id: z.string().meta({ description: 'The id of the API key that created it.' }),
    display_name: z.string().optional(),
    expression: z.string(),
    generation: z.int().meta({
      description: 'A number that rises when the times change, and with each activation.',
    }),
    is_active: z.boolean(),
    last_triggered_at: time.optional(),
    payload: z.object({
      input: z.unknown().optional(),
      memory_entity_id: z.string().optional(),
      metadata: z.record(z.string(), z.string()).optional(),
      variables: freeMap.optional(),
    }),
    trigger_count: z.int().meta({
      description:
        'How often it has fired since its creation, or since `expression` or `type` changed.',
    }),
    type: z.enum(['cron', 'once', 'interval']),
    updated: time,
    updated_by_id: z.string().optional(),
    timezone: z.string(),
    overlap: z.enum(['skip', 'queue', 'cancel_previous', 'allow']),
    catch_up: z.object({ window: z.string(), runs: z.enum(['latest', 'none', 'all']) }),
    spread: z.string().optional(),
    start_at: time.optional(),
    end_at: time.optional(),
    max_runs: z.int().optional(),
    continue_task: z.boolean(),
    priority: z.literal([1, 2, 3, 4, 5]).optional(),
    pause_after_failures: z.int().optional(),
    next_run_at: time
      .optional()
      .meta({ description: 'When it fires next. Absent when it does not.' }),
    upcoming: z.array(time).max(limits.schedules.upcoming).meta({
      description: 'The next times at which it fires.',
    }),
    paused_reason: z.enum(['requested', 'failures', 'finished']).optional().meta({
      description:
        'Why it is not active: a request, too many failed runs in a row, or no time is left at which it would fire.',
    }),
  })
  .meta({ id: 'Schedule', description: 'When an agent runs, and with which input.' })

export const SchedulesReply = z
  .object({ schedules: z.array(ScheduleReply) })
  .meta({ id: 'Schedules', description: 'The schedules of an agent, the newest first.' })

export const TriggeredReply = z.object({
  schedule_id: z.string(),
  status: z.literal('triggered'),
})

const statuses = [
  'waiting',
  'starting',
  'skipped',
  'refused',
  'deleted',
  'continued',
  'queued',
  'running',
  'parked',
  'completed',
  'failed',
  'cancelled',
] as const

export const ScheduleRunReply = z
  .object({
    _id: z.string(),
    kind: z.enum(['scheduled', 'manual', 'backfill']),
    scheduled_for: time.meta({ description: 'The time of the occurrence, without its spread.' }),
    status: z.string().meta({
      description:
        'What became of the occurrence. `waiting`: an earlier run has not ended. `starting`: its turn is being submitted; a limit may delay it. `skipped`, `refused`: it does not run. Otherwise the status of its turn; `continued` when its task has a later turn, `deleted` when its task is gone.',
      examples: [...statuses],
    }),
    reason: z.string().optional().meta({
      description:
        'Why it did not run: `missed`, `overlap`, `queue_full`, `superseded`, `rescheduled`, `paused`, or the code of an error.',
    }),
    message: z.string().optional(),
    recorded_at: time.optional(),
    task_id: z.string().optional(),
    response_id: z.string().optional(),
  })
  .meta({ id: 'ScheduleRun', description: 'An occurrence of a schedule.' })

export const ScheduleRunsReply = z.object({
  runs: z.array(ScheduleRunReply),
  has_more: z.boolean().meta({ description: 'Whether older occurrences follow this page.' }),
})

export const BackfillReply = z.object({
  schedule_id: z.string(),
  runs: z.array(
    z.object({
      _id: z.string(),
      scheduled_for: time.meta({ description: 'The time of the occurrence, without its spread.' }),
    }),
  ),
})

export function scheduleBody({ schedule, state }: CurrentSchedule, agentKey: string) {
  const times = upcoming(schedule, state, limits.schedules.upcoming).map(iso)
  const { catchUp, spread, payload, startAt, endAt } = schedule
  const { lastTriggeredAt } = state
  return defined({
    _id: schedule.id,
    agent_key: agentKey,
    agent_tag: schedule.agentTag,
    created: iso(schedule.createdAt),
    created_by_id: schedule.createdBy,
    display_name: schedule.displayName,
    expression: schedule.expression,
    generation: state.generation,
    is_active: state.isActive,
    last_triggered_at: lastTriggeredAt === undefined ? undefined : iso(lastTriggeredAt),
    payload: defined({
      input: payload.input,
      memory_entity_id: payload.memoryEntityId,
      metadata: payload.metadata,
      variables: payload.variables && maskSecrets(payload.variables),
    }),
    trigger_count: state.triggerCount,
    type: schedule.type,
    updated: iso(schedule.updatedAt),
    updated_by_id: schedule.updatedBy,
    timezone: schedule.timezone,
    overlap: schedule.overlap,
    catch_up: { window: catchUp.window, runs: catchUp.runs },
    spread: spread?.text,
    start_at: startAt === undefined ? undefined : iso(startAt),
    end_at: endAt === undefined ? undefined : iso(endAt),
    max_runs: schedule.maxRuns,
    continue_task: schedule.continueTask,
    priority: schedule.priority,
    pause_after_failures: schedule.pauseAfterFailures,
    next_run_at: times[0],
    upcoming: times,
    paused_reason: state.pausedReason,
  })
}

export function scheduleRunBody(run: ScheduleRun) {
  const { taskId, turn, recordedAt } = run
  return defined({
    _id: run.id,
    kind: run.kind,
    scheduled_for: iso(run.at),
    status: run.status,
    reason: run.reason,
    message: run.message,
    recorded_at: recordedAt === undefined ? undefined : iso(recordedAt),
    task_id: taskId,
    response_id: taskId === undefined || turn === undefined ? undefined : responseId(taskId, turn),
  })
}
