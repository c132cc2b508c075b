import type { Job } from '@longhaul/core'
import { shardKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { takeDueScript } from '../lua/task/take-due.ts'
import { parseJobId } from '../queue/job-id.ts'
import type { Batch, MaintenanceContext } from './maintenance-context.ts'

/** Takes turns that wait for a job longer than expected. */
export async function takeDueOutbox(
  { redis, clockTime }: MaintenanceContext,
  { shard, againMs, limit }: Batch,
): Promise<Job[]> {
  const values = { clockTime: clockTime(), againMs, limit }
  const jobs = await runScript(redis, takeDueScript.call({ set: shardKeys(shard).outbox }, values))
  return jobs.flatMap((id) => parseJobId(id) ?? [])
}
