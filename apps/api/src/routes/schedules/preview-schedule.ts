import { limits, parseIsoTime } from '@longhaul/core'
import { z } from 'zod'
import { CreateSchedule } from '../../dialects/orq/schedules/schedule-request.ts'
import { isoTime, time } from '../../dialects/shared/reply-fields.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

const { type, expression, timezone, start_at, end_at, max_runs } = CreateSchedule.shape

export const PreviewSchedule = z
  .object({ type, expression, timezone, start_at, end_at, max_runs })
  .meta({
    examples: [{ type: 'cron', expression: '0 9 * * 1-5', timezone: 'Europe/Berlin' }],
  })

const PreviewReply = z.object({
  upcoming: z.array(time).max(limits.schedules.upcoming).meta({
    description: 'The first times at which it would fire, without a spread.',
  }),
})

/** Tells when a schedule would fire. Nothing is stored. */
export const previewSchedule: Route<typeof PreviewSchedule> = {
  method: 'post',
  path: '/v3/schedules/preview',
  body: PreviewSchedule,
  doc: {
    operationId: 'previewSchedule',
    tag: 'Schedules',
    summary: 'Read when a schedule would fire',
    description:
      'Checks the times of a schedule, as a creation does, and tells the next ones. Nothing is stored.',
    replies: { 200: json('The next times.', PreviewReply) },
  },
  async handle({ body }, { schedules }) {
    const { type: kind, expression: text, timezone: zone = 'UTC' } = body
    const startAt = body.start_at == null ? undefined : parseIsoTime(body.start_at)
    const endAt = body.end_at == null ? undefined : parseIsoTime(body.end_at)
    const times = await schedules.preview({
      type: kind,
      expression: text,
      timezone: zone,
      startAt,
      endAt,
      maxRuns: body.max_runs ?? undefined,
    })
    return { status: 200, body: { upcoming: times.map(isoTime) } }
  },
}
