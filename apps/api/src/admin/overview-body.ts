import type { ShardCounts } from '@longhaul/core'
import type { Overview } from '@longhaul/tasks'
import { z } from 'zod'
import { isoTime, time } from '../dialects/shared/reply-fields.ts'

const Counts = z.object({
  queued: z.int().meta({ description: 'Turns that wait for a worker.' }),
  running: z.int().meta({ description: 'Turns that a worker runs.' }),
  parked: z.int().meta({ description: 'Turns that wait for a time, without a worker.' }),
  jobs_waiting: z
    .int()
    .meta({ description: 'Tickets that wait for a worker. Few are needed: one wakes a worker.' }),
  jobs_delayed: z.int().meta({ description: 'Tickets that are scheduled for a later time: none.' }),
  jobs_active: z.int().meta({ description: 'Tickets that workers hold.' }),
  outbox_due: z.int().meta({
    description: 'Turns that an earlier version has queued, and that are not adopted yet.',
  }),
  leases_expired: z.int().meta({
    description: 'Running turns whose lease has expired and that no other worker has taken yet.',
  }),
  broken: z.int().meta({
    description:
      'Queued turns whose task cannot be read. They do not start: the doctor lists them.',
  }),
  failed: z.int().meta({ description: 'Stored tasks whose latest turn has failed.' }),
  ended: z.int().meta({ description: 'Stored tasks whose latest turn has ended.' }),
  paused: z.boolean().meta({ description: 'Whether the workers are paused.' }),
})

const WorkerReply = z.object({
  id: z.string(),
  last_beat: time.meta({ description: 'The time of the last heartbeat.' }),
  silent_seconds: z.number().meta({ description: 'Seconds since the last heartbeat.' }),
  alive: z.boolean().meta({ description: 'Whether the process has sent a recent heartbeat.' }),
})

export const OverviewReply = z
  .object({
    total: Counts,
    shards: z.array(
      Counts.extend({ shard: z.int().meta({ description: 'The number of the shard, from 0.' }) }),
    ),
    workers: z.array(WorkerReply).meta({
      description:
        'The worker processes that sent a heartbeat within the last hour and have not shut down.',
    }),
  })
  .meta({ id: 'Overview', description: 'The current state: turns, jobs and workers.' })

export function overviewBody({ shards, workers }: Overview): z.input<typeof OverviewReply> {
  const counts = shards.map(countsOf)
  return {
    total: counts.reduce(sum),
    shards: counts.map((shardCounts, shard) => ({ shard, ...shardCounts })),
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

/** Adds up the numbers. The total is paused when every shard is. */
function sum(a: Counts, b: Counts): Counts {
  const names = Object.keys(a) as (keyof Counts)[]
  const added = names.map((name) => [
    name,
    name === 'paused' ? a.paused && b.paused : a[name] + b[name],
  ])
  return Object.fromEntries(added) as Counts
}
