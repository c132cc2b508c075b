import { shardKeys, taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { expireLeaseScript } from '../lua/turn/expire-lease.ts'
import { parseJobId } from '../queue/job-id.ts'
import { offerTicket } from '../queue/tickets.ts'
import type { Batch, MaintenanceContext } from './maintenance-context.ts'
import { serveDue } from './serve-due.ts'

/** Takes turns from attempts whose leases have expired. Each turn waits for a worker again. */
export async function expireLeases(
  context: MaintenanceContext,
  { shard, limit }: Batch,
): Promise<{ expired: number; failures: unknown[] }> {
  const { redis, clockTime, tickets } = context
  let expired = 0
  const { leases } = shardKeys(shard)
  const failures = await serveDue(context, { key: leases, limit }, async (job) => {
    const turn = parseJobId(job)
    if (turn === undefined) return
    const call = expireLeaseScript.call(taskKeys(turn.taskId), { clockTime: clockTime(), job })
    const reply = await runScript(redis, call)
    offerTicket(tickets, shard, { ...reply, turn })
    if (reply.isTaken) expired += 1
  })
  return { expired, failures }
}
