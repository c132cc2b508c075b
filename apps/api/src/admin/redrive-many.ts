import { limits } from '@longhaul/core'
import type { RedriveRequest, Redriving } from '@longhaul/tasks'
import { z } from 'zod'
import { line } from '../dialects/shared/request-fields.ts'
import { isoTime, time } from '../dialects/shared/reply-fields.ts'
import { age, errorCode, workspace } from './fields.ts'

const filters = ['error', 'older_than', 'workspace', 'limit'] as const

/** Nullish, as in the other bodies: null counts as absent. */
export const RedriveMany = z
  .object({
    error: errorCode.nullish().meta({ description: 'Those that failed for this reason.' }),
    older_than: age.nullish().meta({
      description: 'Those that failed so many seconds ago, or longer.',
    }),
    workspace: workspace.nullish().meta({ description: 'Only tasks of this workspace.' }),
    limit: z
      .int()
      .min(1)
      .max(limits.redrives)
      .nullish()
      .meta({
        description: `The most tasks that shall go on: ${limits.redrives} by default.`,
      }),
    ids: z.array(line.min(1).max(64)).min(1).max(limits.redriveIds).nullish().meta({
      description: 'The tasks, by their ids or by those of their failed responses, and no others.',
    }),
    per_second: z.number().min(0.01).max(1_000).nullish().meta({
      description: 'How many go on in one second: 10 by default.',
    }),
  })
  .superRefine((body, context) => {
    const given = filters.find((name) => body[name] != null)
    if (body.ids == null || given === undefined) return
    context.addIssue({
      code: 'custom',
      path: ['ids'],
      message: `cannot be combined with ${given}: name the tasks, or tell which are meant`,
    })
  })
RedriveMany.register(z.globalRegistry, {
  id: 'RedriveMany',
  examples: [{ error: 'provider_failed', per_second: 10 }],
})

export function toRedriveRequest(body: z.output<typeof RedriveMany>): RedriveRequest {
  const { ids, error, older_than: seconds, workspace: only, limit, per_second: pace } = body
  const perSecond = pace ?? 10
  if (ids != null) return { tasks: { ids }, perSecond }
  const query = {
    error: error ?? undefined,
    workspace: only ?? undefined,
    olderThanMs: seconds == null ? undefined : seconds * 1_000,
  }
  return { tasks: { query, limit: limit ?? limits.redrives }, perSecond }
}

export const RedrivingReply = z.object({
  added: z.int().meta({ description: 'How many are put on the way, and were not before.' }),
  until: time.meta({ description: 'When the last of them is due.' }),
  skipped: z.array(z.object({ id: z.string(), message: z.string() })).meta({
    description: 'Those of `ids` that cannot be redriven, and why.',
  }),
  more: z.boolean().meta({ description: 'Whether more tasks fit than `limit` lets go on.' }),
})

export function redrivingBody({ until, ...body }: Redriving): z.input<typeof RedrivingReply> {
  return { ...body, until: isoTime(until) }
}
