import { type LonghaulError, parseResponseId, shardOf, type TurnRef } from '@longhaul/core'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { wasRefused } from '../connection/unavailable.ts'
import { readOutsideEnd } from '../lifecycle/outside-end.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { runScript } from '../lua/run-script.ts'
import { expireTurnScript } from '../lua/turn/expire-turn.ts'
import { resumeScript } from '../lua/turn/resume.ts'
import { parseJobId } from '../queue/job-id.ts'
import { offerTicket } from '../queue/tickets.ts'
import type { Batch, MaintenanceContext } from './maintenance-context.ts'
import { serveDue } from './serve-due.ts'

type Served = 'ended' | 'resumed' | 'gone'

const deadlinePassed = { code: 'deadline', message: 'the turn has passed its deadline' } as const
const waitedTooLong = {
  code: 'expired',
  message: 'no worker was free before the turn expired, and nothing was called',
} as const

/** Ends turns that have passed their deadline, and queues parked turns whose time has come. */
export async function serveDeadlines(
  context: MaintenanceContext,
  { shard, limit }: Batch,
): Promise<Record<Served, number> & { failures: unknown[] }> {
  const count = { ended: 0, resumed: 0, gone: 0 }
  let refusal: LonghaulError | undefined
  const { deadlines } = shardKeys(shard)
  const failures = await serveDue(context, { key: deadlines, limit }, async (deadline) => {
    // A full Redis that has refused to queue one parked turn would refuse all others, too.
    const wakes = deadline.endsWith(':wake')
    if (wakes && refusal !== undefined) throw refusal
    try {
      count[await serve(context, deadline)] += 1
    } catch (error) {
      if (wakes && wasRefused(error)) refusal = error
      throw error
    }
  })
  return { ...count, failures }
}

/** Ends turns that have expired before a worker had them. */
export async function serveExpiries(
  context: MaintenanceContext,
  { shard, limit }: Batch,
): Promise<{ expired: number; failures: unknown[] }> {
  let expired = 0
  const { expiries } = shardKeys(shard)
  const failures = await serveDue(context, { key: expiries, limit }, async (job) => {
    const turn = parseJobId(job)
    if (turn === undefined) return
    if (await expireTurn(context, turn, { deadline: '', expired: job })) expired += 1
  })
  return { expired, failures }
}

/** Serves a member of `deadlines`: `<response id>:end`, `:wake` or `:cancel`. Returns what happened to its turn. */
async function serve(context: MaintenanceContext, deadline: string): Promise<Served> {
  const [responseId = '', what] = deadline.split(':')
  const turn = parseResponseId(responseId)
  if (turn === undefined) return 'gone'
  if (what === 'cancel') {
    await context.links.cancelChild(turn.taskId)
    return 'gone'
  }
  if (what === 'end') {
    return (await expireTurn(context, turn, { deadline, expired: '' })) ? 'ended' : 'gone'
  }
  const { redis, clockTime, tickets } = context
  const values = { clockTime: clockTime(), deadline }
  const reply = await runScript(redis, resumeScript.call(taskKeys(turn.taskId), values))
  offerTicket(tickets, shardOf(turn.taskId), { ...reply, turn })
  return reply.isQueued ? 'resumed' : 'gone'
}

async function expireTurn(
  { transfers, links, clockTime, tickets }: MaintenanceContext,
  { taskId }: TurnRef,
  member: { deadline: string; expired: string },
): Promise<boolean> {
  const keys = taskKeys(taskId)
  const why = member.deadline === '' ? waitedTooLong : deadlinePassed
  for (;;) {
    const end = await readOutsideEnd(transfers, taskId, why)
    const call = expireTurnScript.call(keys, {
      clockTime: clockTime(),
      taskId,
      ...member,
      folded: end.folded,
      endFact: end.fact,
      endStatus: end.status,
      result: end.result,
      usage: end.usage,
      blobs: blobRowsOf(end.blobs, keys),
    })
    const reply = await transfers.send({ taskId }, call)
    offerTicket(tickets, shardOf(taskId), reply)
    const { outcome } = reply
    if (outcome === 'stale') continue
    if (outcome === 'ended') await links.settle(taskId)
    return outcome === 'ended'
  }
}
