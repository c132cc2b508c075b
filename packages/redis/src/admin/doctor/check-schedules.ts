import type { Finding } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { scheduleKeys, shardKeys } from '../../connection/keys.ts'
import { checkScheduleScript } from '../../lua/admin/check-schedule.ts'
import { runScript } from '../../lua/run-script.ts'
import { findingOf } from './findings.ts'
import type { PartPage } from './parts.ts'

/** Checks that each schedule is due when it waits for a time, and that the sets list only schedules that exist. */
export async function checkSchedules(
  schedules: PartPage['schedules'],
  {
    redis,
    repair,
    now,
    shard,
  }: { redis: Redis; repair: boolean; now: () => number | ''; shard: number },
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { id, workspace } of schedules) {
    const schedulesOfWorkspace = shardKeys(shard).schedulesOfWorkspace(workspace)
    const call = checkScheduleScript.call(
      { ...scheduleKeys(id), ...shardKeys(shard), schedulesOfWorkspace },
      { clockTime: now(), id, repair },
    )
    for (const fault of await runScript(redis, call)) findings.push(findingOf(fault, id))
  }
  return findings
}
