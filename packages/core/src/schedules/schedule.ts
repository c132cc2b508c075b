import { z } from 'zod'

export const overlaps = ['skip', 'queue', 'cancel_previous', 'allow'] as const
export const catchUps = ['latest', 'none', 'all'] as const

const time = z.number()
const map = z.record(z.string(), z.unknown())

/** What a caller has defined: when an agent runs, and with which input. Times are epoch milliseconds. */
export const Schedule = z.object({
  id: z.string(),
  workspace: z.string(),
  agentId: z.string(),
  agentTag: z.string().optional(),
  displayName: z.string().optional(),
  type: z.enum(['cron', 'once', 'interval']),
  expression: z.string(),
  timezone: z.string(),
  payload: z.object({
    /** As the caller has sent it, and in the form of a request. */
    input: z.unknown().optional(),
    items: z.array(z.looseObject({ path: z.string() })).optional(),
    /** What readers of its tasks see of its request. */
    caller: z
      .object({
        notes: map.exactOptional(),
        labels: z.array(z.string()).exactOptional(),
        asked: map.exactOptional(),
      })
      .optional(),
    memoryEntityId: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    /** Their secrets are sealed. */
    variables: map.optional(),
  }),
  overlap: z.enum(overlaps),
  catchUp: z.object({ window: z.string(), windowMs: z.number(), runs: z.enum(catchUps) }),
  spread: z.object({ text: z.string(), ms: z.number() }).optional(),
  startAt: time.optional(),
  endAt: time.optional(),
  maxRuns: z.number().optional(),
  continueTask: z.boolean(),
  priority: z.literal([1, 2, 3, 4, 5]).optional(),
  pauseAfterFailures: z.number().optional(),
  createdAt: time,
  createdBy: z.string(),
  updatedAt: time,
  updatedBy: z.string().optional(),
})
export type Schedule = z.output<typeof Schedule>

/** One planned run. `at` is its nominal time. Its id is unique in its schedule. */
const Occurrence = z.object({
  id: z.string(),
  at: time,
  kind: z.enum(['scheduled', 'manual', 'backfill']),
})
export type Occurrence = z.output<typeof Occurrence>

/** An occurrence whose turn is being submitted, and the task that receives it: always the same one. */
const Firing = Occurrence.extend({
  taskId: z.string(),
  /** The task that it begins if `taskId` cannot continue. */
  freshTaskId: z.string(),
  /** When the submit is tried again, and how often it was refused. */
  retryAt: time.optional(),
  tries: z.number(),
})
export type Firing = z.output<typeof Firing>

/** A turn that a schedule has started, and that had not ended when it was looked at last. */
const LiveRun = z.object({ taskId: z.string(), turn: z.number(), at: time })
export type LiveRun = z.output<typeof LiveRun>

export const pausedReasons = ['requested', 'failures', 'finished'] as const

/** How far a schedule is. */
export const ScheduleState = z.object({
  generation: z.number(),
  isActive: z.boolean(),
  pausedReason: z.enum(pausedReasons).optional(),
  /** From when on occurrences count: the time of the latest change of the cadence. */
  anchor: time,
  /** The next occurrence, without the spread. */
  next: time.optional(),
  /** How many occurrences of this generation have come, of those that `maxRuns` counts. */
  counted: z.number(),
  waiting: z.array(Occurrence),
  firing: Firing.optional(),
  live: z.array(LiveRun),
  lastTaskId: z.string().optional(),
  triggerCount: z.number(),
  lastTriggeredAt: time.optional(),
  /** Failed runs in a row. */
  failures: z.number(),
  backfills: z.number(),
})
export type ScheduleState = z.output<typeof ScheduleState>

export const skipReasons = [
  'missed',
  'overlap',
  'queue_full',
  'superseded',
  'rescheduled',
  'paused',
] as const

/** What became of an occurrence. */
export const OccurrenceRecord = Occurrence.extend({
  recordedAt: time,
  status: z.enum(['started', 'skipped', 'failed']),
  reason: z.string().optional(),
  message: z.string().optional(),
  taskId: z.string().optional(),
  turn: z.number().optional(),
})
export type OccurrenceRecord = z.output<typeof OccurrenceRecord>
