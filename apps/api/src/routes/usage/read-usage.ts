import { grains, spread, type UsageCounts, usageGroups } from '@longhaul/core'
import type { UsageEntry } from '@longhaul/tasks'
import { z } from 'zod'
import { moment } from '../../dialects/shared/moment.ts'
import { isoTime, time } from '../../dialects/shared/reply-fields.ts'
import { parseQuery } from '../../request/parse-query.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

const UsageQuery = z.object({
  group_by: z.enum(usageGroups).optional().meta({
    description: 'Divides the numbers by agent, model or identity. Not with `grain=minute`.',
  }),
  grain: z.enum(grains).optional().meta({
    description:
      'The length of a bucket. Minutes are kept for 3 hours, hours for 8 days, days (UTC) for 400 days. Default: `hour`.',
  }),
  from: moment.meta({
    description:
      'The beginning: an ISO 8601 date, or a date and time with its zone. It means the beginning of its bucket. Default: an hour, a day or 30 days before `to`, by the grain.',
  }),
  to: moment.meta({ description: 'The end, in the same format. Default: now.' }),
})

const Spread = z.object({ p50: z.number(), p95: z.number() })

const counts = {
  key: z.string().nullable().optional().meta({
    description:
      'With `group_by`: the key of the agent, the model or the identity. Null stands for turns without one, and for the values of a bucket beyond its first 200.',
  }),
  started: z.int().optional().meta({
    description: 'Tasks that began and are still kept. Absent with `group_by`.',
  }),
  requests: z.int().meta({ description: 'Turns that ended.' }),
  errors: z.int().meta({ description: 'Those of them that failed.' }),
  cancelled: z.int().meta({ description: 'Those of them that were cancelled.' }),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cached_tokens: z.int().meta({ description: 'Input tokens that the vendor had cached.' }),
  queue_wait_ms: Spread.optional().meta({
    description:
      'How long turns waited for their first worker: the median and the 95th percentile in milliseconds, within 10 percent. Absent without such a turn, and with `group_by`.',
  }),
  duration_ms: Spread.optional().meta({
    description: 'The same from the submission, or the start time, to the end.',
  }),
}

export const UsageReply = z
  .object({
    object: z.literal('list'),
    grain: z.enum(grains),
    from: time.meta({ description: 'The beginning of the first bucket that is still kept.' }),
    to: time,
    data: z
      .array(z.object({ start: time, ...counts }))
      .meta({ description: 'The buckets, the earliest first. Those without a turn are absent.' }),
    totals: z
      .array(z.object(counts))
      .meta({ description: 'The whole range: one entry, or with `group_by` one for each key.' }),
  })
  .meta({ id: 'WorkspaceUsage', description: 'What a workspace has used, by time.' })

/** Reads what a workspace has used. */
export const readUsage: Route = {
  method: 'get',
  path: '/v2/usage',
  doc: {
    operationId: 'readUsage',
    tag: 'Responses',
    summary: 'Read what the workspace has used',
    description:
      'Turns and tokens by time, and by agent, model or identity. A turn counts when it ends, exactly once, and a few seconds later here. The tokens of a sub-agent count for its own turn.',
    query: UsageQuery,
    replies: { 200: json('The usage.', UsageReply) },
  },
  async handle({ workspace, query }, { usage }) {
    const { group_by: by, grain = 'hour', from, to } = parseQuery(UsageQuery, query)
    const view = await usage.read(workspace, { grain, by, from: timeIn(from), to: timeIn(to) })
    const body = {
      object: 'list',
      grain,
      from: isoTime(view.from),
      to: isoTime(view.to),
      data: view.rows.map((row) => ({ start: isoTime(row.start), ...entryBody(row) })),
      totals: view.totals.map(entryBody),
    }
    return { status: 200, large: true, body }
  },
}

function timeIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text)
}

function entryBody({ key, started, counts: used }: UsageEntry) {
  return {
    ...(key !== undefined && { key }),
    ...(started !== undefined && { started }),
    ...countsBody(used),
  }
}

function countsBody({ requests, errors, cancelled, input, output, cached, ...times }: UsageCounts) {
  const [wait, duration] = [spread(times.waits), spread(times.durations)]
  return {
    requests,
    errors,
    cancelled,
    input_tokens: input,
    output_tokens: output,
    cached_tokens: cached,
    ...(wait && { queue_wait_ms: wait }),
    ...(duration && { duration_ms: duration }),
  }
}
