import { limitsObjectOf, LimitsObject } from '@longhaul/core'
import type { LimitsView } from '@longhaul/tasks'
import { z } from 'zod'

const names = Object.keys(LimitsObject.shape)

export const LimitsReply = z
  .object({
    ...LimitsObject.shape,
    overridden: z.array(z.enum(names)).meta({
      description:
        'The limits that are set for this workspace. The others are those of the installation.',
    }),
    now: z
      .object({
        queued: z.int().meta({ description: 'Turns that wait in the backlog for a worker.' }),
        running: z.int().meta({ description: 'Turns that a worker runs.' }),
        parked: z.int().meta({ description: 'Turns that wait for a time, without a worker.' }),
        oldest_queued_seconds: z.number().optional().meta({
          description:
            'Seconds since the submission of the oldest among the queued turns that are next. Absent if none waits.',
        }),
        streams: z.int().meta({
          description: 'Open streams and waiting requests, in the API process that answers.',
        }),
        tasks: z.int().meta({ description: 'Tasks that are kept.' }),
        bytes: z.int().meta({
          description:
            'Bytes of these tasks. Those of a running turn count when it ends or waits for a time.',
        }),
      })
      .meta({ description: 'What the workspace uses now.' }),
  })
  .meta({
    id: 'Limits',
    description:
      'The limits that hold for a workspace, and what it uses. What is absent has no limit.',
  })

export function limitsBody(
  { limits, overrides, use }: LimitsView,
  streams: number,
): z.input<typeof LimitsReply> {
  const { queued, running, parked, tasks, bytes, oldestMs } = use
  return {
    ...limitsObjectOf(limits),
    overridden: Object.keys(limitsObjectOf(overrides)),
    now: {
      queued,
      running,
      parked,
      ...(oldestMs !== undefined && { oldest_queued_seconds: oldestMs / 1_000 }),
      streams,
      tasks,
      bytes,
    },
  }
}
