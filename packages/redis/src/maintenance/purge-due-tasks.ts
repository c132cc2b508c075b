import { shardKeys } from '../connection/keys.ts'
import { type Purged, purgeTask } from '../lifecycle/purge-task.ts'
import { runScript } from '../lua/run-script.ts'
import { listDuePurgesScript } from '../lua/task/list-due-purges.ts'
import type { MaintenanceContext } from './maintenance-context.ts'

/** How long a shard stays assigned to the process that purges it. Each batch extends that. */
const holdMs = 5_000

/** Purges tasks whose retention has expired, after the first `skip` of them. */
export async function purgeDueTasks(
  { redis, clockTime, worker }: MaintenanceContext,
  { shard, limit, skip }: { shard: number; limit: number; skip: number },
): Promise<{ due: number; purged: number; failures: unknown[] }> {
  const values = { clockTime: clockTime(), worker, limit, skip, holdMs }
  const due = await runScript(redis, listDuePurgesScript.call(shardKeys(shard), values))
  // The purges run in parallel, each as a separate script, so that Redis serves other commands in between.
  const purges = await Promise.allSettled(
    due.map((taskId) => purgeTask(redis, taskId, { clockTime: clockTime(), onlyWhenDue: true })),
  )
  return {
    due: due.length,
    purged: purges.filter((purge) => purge.status === 'fulfilled' && isGone(purge.value)).length,
    failures: purges.flatMap((purge) => (purge.status === 'rejected' ? [purge.reason] : [])),
  }
}

function isGone(outcome: Purged): boolean {
  return outcome === 'forgotten' || outcome === 'not_found'
}
