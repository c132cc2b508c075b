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
    error: errorCode
      .nullish()
      .meta({ description: 'Only tasks that failed with this error code.' }),
    older_than: age.nullish().meta({
      description: 'Only tasks that failed at least this many seconds ago.',
    }),
    workspace: workspace.nullish().meta({ description: 'Only tasks of this workspace.' }),
    limit: z
      .int()
      .min(1)
      .max(limits.redrives)
      .nullish()
      .meta({
        description: `The maximum number of tasks to redrive. Default: ${limits.redrives}.`,
      }),
    ids: z.array(line.min(1).max(64)).min(1).max(limits.redriveIds).nullish().meta({
      description:
        'The ids of the tasks, or of their failed responses. Cannot be combined with filters.',
    }),
    per_second: z.number().min(0.01).max(1_000).nullish().meta({
      description: 'The number of redrives per second. Default: 10.',
    }),
  })
  .superRefine((body, context) => {
    const filter = filters.find((name) => body[name] != null)
    if (body.ids == null || filter === undefined) return
    context.addIssue({
      code: 'custom',
      path: ['ids'],
      message: `cannot be combined with ${filter}: name the tasks, or tell which are meant`,
    })
  })
RedriveMany.register(z.globalRegistry, {
  id: 'RedriveMany',
  examples: [{ error: 'provider_failed', per_second: 10 }],
})

export function toRedriveRequest(body: z.output<typeof RedriveMany>): RedriveRequest {
  const {
    ids,
    error,
    older_than: seconds,
    workspace: onlyWorkspace,
    limit,
    per_second: pace,
  } = body
  const perSecond = pace ?? 10
  if (ids != null) return { tasks: { ids }, perSecond }
  const query = {
    error: error ?? undefined,
    workspace: onlyWorkspace ?? undefined,
    olderThanMs: seconds == null ? undefined : seconds * 1_000,
  }
  return { tasks: { query, limit: limit ?? limits.redrives }, perSecond }
}

export const RedrivingReply = z.object({
  added: z.int().meta({
    description:
      'The number of redrives that this request scheduled. Redrives that were already scheduled do not count.',
  }),
  until: time.meta({ description: 'The time at which the last of them is due.' }),
  skipped: z.array(z.object({ id: z.string(), message: z.string() })).meta({
    description: 'The entries of `ids` that cannot be redriven, and the reasons.',
  }),
  more: z.boolean().meta({ description: 'Whether more tasks match than `limit` allows.' }),
})

export function redrivingBody({ until, ...body }: Redriving): z.input<typeof RedrivingReply> {
  return { ...body, until: isoTime(until) }
}
