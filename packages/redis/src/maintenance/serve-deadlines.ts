import { type LonghaulError, parseResponseId, shardOf, type TurnRef } from '@longhaul/core'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { wasRefused } from '../connection/unavailable.ts'
import { readOutsideEnd } from '../lifecycle/outside-end.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { runScript } from '../lua/run-script.ts'
import { expireTurnScript } from '../lua/turn/expire-turn.ts'
import { resumeScript } from '../lua/turn/resume.ts'
import { offerTicket } from '../queue/tickets.ts'
import type { Batch, MaintenanceContext } from './maintenance-context.ts'
import { serveDue } from './serve-due.ts'

type Served = 'ended' | 'resumed' | 'gone'

const deadlinePassed = { code: 'deadline', message: 'the turn has passed its deadline' } as const

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

/** Serves a member of `deadlines`: `<response id>:end`, `:wake` or `:cancel`. Returns what happened to its turn. */
async function serve(context: MaintenanceContext, deadline: string): Promise<Served> {
  const [responseId = '', what] = deadline.split(':')
  const turn = parseResponseId(responseId)
  if (turn === undefined) return 'gone'
  if (what === 'cancel') {
    await context.links.cancelChild(turn.taskId)
    return 'gone'
  }
  if (what === 'end') return (await expireTurn(context, deadline, turn)) ? 'ended' : 'gone'
  const { redis, clockTime, tickets } = context
  const values = { clockTime: clockTime(), deadline }
  const reply = await runScript(redis, resumeScript.call(taskKeys(turn.taskId), values))
  offerTicket(tickets, shardOf(turn.taskId), { ...reply, turn })
  return reply.isQueued ? 'resumed' : 'gone'
}

async function expireTurn(
  { transfers, links, clockTime, tickets }: MaintenanceContext,
  deadline: string,
  { taskId }: TurnRef,
): Promise<boolean> {
  const keys = taskKeys(taskId)
  for (;;) {
    const end = await readOutsideEnd(transfers, taskId, deadlinePassed)
    const call = expireTurnScript.call(keys, {
      clockTime: clockTime(),
      taskId,
      deadline,
      folded: end.folded,
      endFact: end.fact,
      endStatus: end.status,
      result: end.result,
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
