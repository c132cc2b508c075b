import type { ShardCounts } from '@longhaul/core'
import type { Overview } from '@longhaul/tasks'
import { z } from 'zod'
import { isoTime, time } from '../dialects/shared/reply-fields.ts'

const Counts = z.object({
  queued: z.int().meta({ description: 'Turns that wait for a worker.' }),
  running: z.int().meta({ description: 'Turns that have one.' }),
  parked: z.int().meta({ description: 'Turns that wait for a time, and need none until then.' }),
  jobs_waiting: z.int().meta({ description: 'Jobs of the queue that wait for a worker.' }),
  jobs_delayed: z.int().meta({ description: 'Jobs of the queue that wait for their time.' }),
  jobs_active: z.int().meta({ description: 'Jobs of the queue that workers hold.' }),
  outbox_due: z.int().meta({
    description: 'Queued turns that no worker has taken for so long that their job is added again.',
  }),
  leases_expired: z.int().meta({
    description: 'Running turns whose worker is silent and that nobody has taken from it yet.',
  }),
  failed: z.int().meta({ description: 'Tasks that are kept and whose latest turn has failed.' }),
  ended: z.int().meta({ description: 'Tasks that are kept and whose latest turn has ended.' }),
  paused: z.boolean().meta({ description: 'Whether workers take no new job.' }),
})

const WorkerReply = z.object({
  id: z.string(),
  last_beat: time,
  silent_seconds: z.number(),
  alive: z.boolean().meta({ description: 'Whether it has been heard of lately.' }),
})

export const OverviewReply = z
  .object({
    total: Counts,
    shards: z.array(Counts.extend({ shard: z.int() })),
    workers: z.array(WorkerReply).meta({
      description: 'The processes that were heard of within the last hour and have not left.',
    }),
  })
  .meta({ id: 'Overview', description: 'Current state.' })

export function overviewBody({ shards, workers }: Overview): z.input<typeof OverviewReply> {
  const counts = shards.map(countsOf)
  return {
    total: counts.reduce(sum),
    shards: counts.map((each, shard) => ({ shard, ...each })),
    workers: workers.map(({ id, beatAt, silentMs, alive }) => ({
      id,
      last_beat: isoTime(beatAt),
      silent_seconds: silentMs / 1_000,
      alive,
    })),
  }
}

type Counts = z.infer<typeof Counts>

function countsOf({ jobs, outboxDue, leasesExpired, ...counts }: ShardCounts): Counts {
  return {
    ...counts,
    jobs_waiting: jobs.waiting,
    jobs_delayed: jobs.delayed,
    jobs_active: jobs.active,
    outbox_due: outboxDue,
    leases_expired: leasesExpired,
  }
}

/** Numbers add up; all are paused when each is. */
function sum(a: Counts, b: Counts): Counts {
  const names = Object.keys(a) as (keyof Counts)[]
  const added = names.map((name) => [
    name,
    name === 'paused' ? a.paused && b.paused : a[name] + b[name],
  ])
  return Object.fromEntries(added) as Counts
}
