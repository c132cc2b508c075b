import type { Finding, Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../../connection/keys.ts'
import { guarded } from '../../connection/unavailable.ts'
import { runScript } from '../../lua/run-script.ts'
import { checkWorkspaceScript } from '../../lua/scheduler/check-workspace.ts'
import { findWorkScript } from '../../lua/scheduler/find-work.ts'
import { parseJobId } from '../../queue/job-id.ts'
import { findingOf } from './findings.ts'
import { checkSchedules } from './check-schedules.ts'
import type { PartPage } from './parts.ts'
import { takeLease } from './take-lease.ts'

/**
 * Between two steps of other processes, something may be missing for a moment: a ticket that is about to be added, or a
 * lease that a reconciler is about to take. Such a finding must still exist after this long, milliseconds; a missing
 * ticket several times, because a busy worker uses each ticket at once.
 */
const recheckMs = 300
const ticketLooks = 4

/** How many tasks of a workspace are counted. Of a workspace with more, only the reconciler does, part by part. */
const tasksChecked = 1_000

type Context = {
  redis: Redis
  repair: boolean
  now: () => number | ''
  time: () => Promise<number>
  shard: number
  pause: (ms: number) => Promise<unknown>
  tickets: Tickets | undefined
}

/** Checks what belongs to a shard and not to one task: leases, slots, places in the rings, and tickets. */
export async function checkShard(page: PartPage, context: Context): Promise<Finding[]> {
  return [
    ...(await checkWorkspaces(page.workspaces, context)),
    ...page.broken.map((job) => findingOf('broken', parseJobId(job)?.taskId ?? job)),
    ...(await checkSchedules(page.schedules, context)),
    ...(await checkTransient(page, context)),
  ]
}

async function checkWorkspaces(
  names: string[],
  { redis, repair, now, shard }: Context,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const workspace of names) {
    const values = { clockTime: now(), workspace, repair, tasksChecked }
    const call = checkWorkspaceScript.call(shardKeys(shard), values)
    const { faults } = await runScript(redis, call)
    for (const fault of new Set(faults)) findings.push(findingOf(fault, workspace))
  }
  return findings
}

async function checkTransient(
  { leases, checksTickets = false }: PartPage,
  { redis, repair, now, time, shard, pause, tickets }: Context,
): Promise<Finding[]> {
  const expired = await expiredOf(leases)
  const lacksTicket = checksTickets && (await isTicketMissing())
  if (expired.length === 0 && !lacksTicket) return []
  await pause(recheckMs)
  const stillExpired = await expiredOf(expired)
  let stillLacks = lacksTicket && (await isTicketMissing())
  for (let looks = 1; stillLacks && looks < ticketLooks; looks += 1) {
    await pause(recheckMs)
    stillLacks = await isTicketMissing()
  }
  if (repair) for (const job of stillExpired) await takeLease(redis, job, now())
  if (repair && stillLacks) await tickets?.add(shard)
  return [
    ...stillExpired.map((job) => findingOf('lease-expired', parseJobId(job)?.taskId ?? job)),
    ...(stillLacks ? [findingOf('ticket-missing', '')] : []),
  ]

  async function isTicketMissing(): Promise<boolean> {
    const call = findWorkScript.call(shardKeys(shard), { clockTime: now() })
    const { isStartable, waiting } = await runScript(redis, call)
    return isStartable && waiting === 0
  }

  async function expiredOf(jobs: string[]): Promise<string[]> {
    if (jobs.length === 0) return []
    const at = await time()
    const scores = await guarded(() => redis.zmscore(shardKeys(shard).leases, ...jobs))
    return jobs.filter((_, index) => {
      const till = scores[index]
      return till != null && Number(till) <= at
    })
  }
}
