import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { runScript } from '../../lua/run-script.ts'
import { expireLeaseScript } from '../../lua/turn/expire-lease.ts'
import { parseJobId } from '../../queue/job-id.ts'

/** Takes a turn from a worker whose lease has expired, so that another worker can take it. */
export async function takeLease(redis: Redis, job: string, clockTime: number | ''): Promise<void> {
  const turn = parseJobId(job)
  if (turn === undefined) return
  await runScript(redis, expireLeaseScript.call(taskKeys(turn.taskId), { clockTime, job }))
}
