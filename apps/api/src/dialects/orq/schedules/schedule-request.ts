import { isTimeZone, limits, parseIsoDuration, parseIsoTime, type Schedule } from '@longhaul/core'
import type { PayloadInput, ScheduleInput, SchedulePatch } from '@longhaul/tasks'
import { z } from 'zod'
import { defined } from '../../shared/defined.ts'
import { line, map } from '../../shared/request-fields.ts'
import { priority } from '../../shared/turn-options.ts'

const most = limits.schedules
const id = line.min(1).max(limits.fields.id)

/** The input of a payload: `ScheduleRoutes` reads it with the dialect that has this form. */
const Payload = z
  .object({
    input: z
      .unknown()
      .optional()
      .meta({
        description:
          'The input of each run: a text, or a list of items as in `POST /v3/router/responses`. The items must have their content.',
        examples: ['Write the morning report.'],
      }),
    memory_entity_id: id.optional().meta({
      description: 'The id of the entity whose memory the runs use. It is stored with each task.',
    }),
    metadata: z
      .record(z.string().max(limits.metadata.name), z.string().max(limits.metadata.value))
      .refine((value) => Object.keys(value).length <= limits.metadata.keys, {
        error: `has more than ${limits.metadata.keys} keys`,
      })
      .optional()
      .meta({
        description: 'Texts that each response of the schedule has.',
        maxProperties: limits.metadata.keys,
      }),
    variables: map.optional().meta({
      description:
        'Values for the templates of the agent. A value of the form `{ "secret": true, "value": "…" }` is sealed, and passed to tools only.',
    }),
  })
  .meta({ description: 'What each run receives.' })
type Payload = z.output<typeof Payload>

const timeProblem = 'must be a time with its zone, such as 2030-01-31T09:00:00Z'
const time = z.string().refine((text) => parseIsoTime(text) !== undefined, { error: timeProblem })

function duration(longest: number, problem: string) {
  return z.string().refine(
    (text) => {
      const ms = parseIsoDuration(text)
      return ms !== undefined && ms <= longest
    },
    { error: problem },
  )
}

const fields = {
  agent_tag: id.optional().meta({
    description: 'The version of the agent that runs. Default: the latest one.',
    examples: ['1.0.0'],
  }),
  display_name: line
    .min(1)
    .max(limits.fields.name)
    .meta({
      description: 'A name for people.',
      examples: ['Morning report'],
    }),
  expression: line.max(200).meta({
    description:
      'When the schedule fires. `cron`: 5 fields (minute, hour, day of the month, month, weekday), or 6 with a second before them. `interval`: `@every` and a duration of at least a minute, such as `@every 90m` or `@every PT1H30M`. `once`: `@at` and a time with its zone.',
    examples: ['0 0 9 * * 1-5'],
  }),
  payload: Payload,
  type: z.enum(['cron', 'interval', 'once']).meta({
    description: 'The form of `expression`.',
    examples: ['cron'],
  }),
  timezone: line
    .max(100)
    .refine(isTimeZone, { error: 'must be the name of a time zone, such as Europe/Berlin' })
    .optional()
    .meta({
      description:
        'The time zone of a cron expression. A time that the clocks leave out fires at the first valid minute. A fixed hour that comes twice fires once. A pattern of every hour fires in every real hour. Default: `UTC`.',
      examples: ['Europe/Berlin'],
    }),
  overlap: z.enum(['skip', 'queue', 'cancel_previous', 'allow']).optional().meta({
    description:
      'What happens when the schedule fires while an earlier run has not ended: the occurrence is skipped, waits in a queue, replaces the earlier run, or runs beside it. Default: `skip`.',
  }),
  catch_up: z
    .object({
      window: duration(most.window, 'must be a duration of at most 31 days, such as PT1H')
        .optional()
        .meta({
          description: 'How late a missed occurrence may still fire. Default: `PT1H`.',
          examples: ['PT1H'],
        }),
      runs: z.enum(['latest', 'none', 'all']).optional().meta({
        description:
          'Which missed occurrences fire after an outage. With `none`, an occurrence fires at most a minute late. Default: `latest`.',
      }),
    })
    .optional(),
  spread: z
    .string()
    .refine((text) => spreadMs(text) !== undefined, {
      error: 'must be a duration of at most 1 day, such as PT10M or 10m',
    })
    .nullish()
    .meta({
      description:
        'The schedule fires later by a fixed part of this duration, so that many schedules do not fire at once.',
      examples: ['10m'],
    }),
  start_at: time.nullish().meta({
    description: 'The schedule does not fire before this time. An interval counts from it.',
    examples: ['2030-01-31T09:00:00Z'],
  }),
  end_at: time.nullish().meta({
    description: 'The schedule does not fire after this time.',
    examples: ['2040-01-31T09:00:00Z'],
  }),
  max_runs: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .nullish()
    .meta({ description: 'How often the schedule fires.', examples: [1_000] }),
  continue_task: z.boolean().optional().meta({
    description:
      'Whether each run continues the task of the run before, so that the agent remembers it. Default: each run has its own task.',
  }),
  priority: priority.nullish(),
  pause_after_failures: z
    .int()
    .min(1)
    .max(1_000)
    .nullish()
    .meta({ description: 'The schedule stops after this number of failed runs in a row.' }),
}

export const CreateSchedule = z.object(fields)
CreateSchedule.register(z.globalRegistry, {
  id: 'CreateSchedule',
  examples: [
    {
      type: 'cron',
      expression: '0 0 9 * * 1-5',
      timezone: 'Europe/Berlin',
      display_name: 'Morning report',
      payload: { input: 'Write the morning report.' },
    },
  ],
})
type CreateSchedule = z.output<typeof CreateSchedule>

export const UpdateSchedule = z
  .object(fields)
  .partial()
  .extend({
    agent_tag: id
      .nullish()
      .meta({ description: 'The version of the agent that runs. `null`: the latest one.' }),
    is_active: z.boolean().optional().meta({
      description: 'Whether the schedule fires. An activation begins a new generation.',
    }),
  })
UpdateSchedule.register(z.globalRegistry, {
  id: 'UpdateSchedule',
  examples: [{ is_active: false }],
})
type UpdateSchedule = z.output<typeof UpdateSchedule>

export const Backfill = z.object({
  from: time.meta({
    description: 'The first time of the span.',
    examples: ['2020-01-01T00:00:00Z'],
  }),
  to: time.meta({
    description: 'The last time of the span. It must be in the past.',
    examples: ['2020-01-02T00:00:00Z'],
  }),
})
Backfill.register(z.globalRegistry, {
  id: 'Backfill',
  examples: [{ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' }],
})

/** Reads the input of a payload in the form of a request. */
export type ReadPayload = (payload: Payload) => Pick<PayloadInput, 'items' | 'caller'>

export function toScheduleInput(body: CreateSchedule, read: ReadPayload): ScheduleInput {
  const { overlap = 'skip', continue_task: continueTask = false, timezone = 'UTC' } = body
  const { agent_tag: agentTag, ...rest } = body
  const given = Object.entries(toPatch(rest, read)).filter(([, value]) => value !== null)
  return defined({
    ...Object.fromEntries(given),
    agentTag,
    type: body.type,
    timezone,
    overlap,
    continueTask,
    catchUp: toCatchUp(body.catch_up),
  }) as ScheduleInput
}

export function toSchedulePatch(body: UpdateSchedule, read: ReadPayload): SchedulePatch {
  return {
    ...toPatch(body, read),
    ...(body.catch_up && { catchUp: toCatchUp(body.catch_up) }),
    ...(body.is_active !== undefined && { isActive: body.is_active }),
  }
}

function toPatch(body: UpdateSchedule, read: ReadPayload): SchedulePatch {
  return defined({
    agentTag: body.agent_tag,
    displayName: body.display_name,
    type: body.type,
    expression: body.expression,
    timezone: body.timezone,
    payload: body.payload && toPayload(body.payload, read),
    overlap: body.overlap,
    spread: body.spread == null ? body.spread : toSpread(body.spread),
    startAt: body.start_at == null ? body.start_at : parseIsoTime(body.start_at),
    endAt: body.end_at == null ? body.end_at : parseIsoTime(body.end_at),
    maxRuns: body.max_runs,
    continueTask: body.continue_task,
    priority: body.priority,
    pauseAfterFailures: body.pause_after_failures,
  }) as SchedulePatch
}

function toPayload(payload: Payload, read: ReadPayload): PayloadInput {
  const { input, memory_entity_id: memoryEntityId, metadata, variables } = payload
  return defined({ input, memoryEntityId, metadata, variables, ...read(payload) })
}

const defaultWindow = 'PT1H'

function toCatchUp({ window = defaultWindow, runs = 'latest' }: CreateSchedule['catch_up'] = {}) {
  return { window, windowMs: parseIsoDuration(window) ?? 0, runs } satisfies Schedule['catchUp']
}

const unit: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 }

function toSpread(text: string): Schedule['spread'] {
  return { text, ms: spreadMs(text) ?? 0 }
}

/** A duration of ISO 8601, or one such as 10m. */
function spreadMs(text: string): number | undefined {
  const [, count, letter = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? []
  const ms = count === undefined ? parseIsoDuration(text) : Number(count) * (unit[letter] ?? 0)
  return ms !== undefined && ms <= most.spread ? ms : undefined
}
