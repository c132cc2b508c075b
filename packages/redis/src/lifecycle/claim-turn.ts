import {
  type Claimed,
  type ClaimReply,
  type Fact,
  LonghaulError,
  type NextClaim,
  type NextReply,
  parseModelWait,
  type TurnRef,
} from '@longhaul/core'
import { type ShardKeys, shardKeys, taskKeys } from '../connection/keys.ts'
import { redisRun } from '../connection/redis-run.ts'
import type { Parsed } from '../connection/parser.ts'
import type { Transfers } from '../connection/transfers.ts'
import { loadBlobs } from '../log/load-blobs.ts'
import { unpackHeld } from '../log/read-facts.ts'
import type { nextReplies } from '../lua/claim-reply.ts'
import { workspaceRates } from '../lua/default-limits.ts'
import { runScript } from '../lua/run-script.ts'
import { claimNextScript } from '../lua/turn/claim-next.ts'
import { claimScript } from '../lua/turn/claim.ts'
import { offerTicket } from '../queue/tickets.ts'
import type { StoreContext } from './store-context.ts'

type Claim = {
  turn: TurnRef
  attempt: string
  lockMs: number
  isAlone: boolean
  /** The greatest size of the log, in bytes. */
  capacity: number | undefined
}

/** Claims a queued turn for an attempt, with its facts. */
export async function claimTurn(
  context: StoreContext,
  { turn: { taskId, turn }, isAlone, ...claim }: Claim,
): Promise<ClaimReply> {
  const { redis, transfers, clockTime } = context
  const call = claimScript.call(taskKeys(taskId), {
    clockTime: clockTime(),
    taskId,
    turn,
    ...claimValues(context, claim, taskKeys(taskId)),
    isAlone,
  })
  return await claimedFrom(transfers, await runScript(redis, call))
}

/** Claims the turn that should start now, with its facts. */
export async function claimNextTurn(
  context: StoreContext,
  { shard, slot, ...claim }: NextClaim,
): Promise<NextReply> {
  const { redis, transfers, clockTime, tickets } = context
  const call = claimNextScript.call(shardKeys(shard), {
    clockTime: clockTime(),
    slot,
    ...claimValues(context, claim, shardKeys(shard)),
  })
  const { wantsTicket, next } = await runScript(redis, call)
  offerTicket(tickets, shard, { wantsTicket })
  return await claimedFrom(transfers, next)
}

/** The arguments of a claim in a script. `leases` is a key of its shard. */
export function claimValues(
  { redis, worker }: StoreContext,
  {
    attempt,
    lockMs,
    capacity,
    leavesCrashed = false,
  }: Pick<NextClaim, 'attempt' | 'lockMs' | 'leavesCrashed'> & { capacity?: number | undefined },
  { leases }: Pick<ShardKeys, 'leases'>,
) {
  return {
    attempt,
    lockMs,
    worker,
    redisRun: redisRun(redis, leases),
    isAlone: false,
    leavesCrashed,
    maxHeldBytes: capacity,
  }
}

/** The same for a script that makes no claim. */
export const noClaim = {
  attempt: '',
  lockMs: 0,
  worker: undefined,
  redisRun: '',
  isAlone: false,
  leavesCrashed: false,
  maxHeldBytes: undefined,
}

type ScriptClaimed = { outcome: 'claimed' } & {
  [N in keyof typeof nextReplies.claimed]: Parsed<(typeof nextReplies.claimed)[N]>
}

/** The reply of a claim, with the facts of the claimed turn. */
export async function claimedFrom<T extends { outcome: string }>(
  transfers: Transfers,
  reply: T | ScriptClaimed,
): Promise<Exclude<T, ScriptClaimed> | Claimed> {
  if (!isClaimed(reply)) return reply as Exclude<T, ScriptClaimed>
  const { texts, isUnread, deadline = Infinity, rates, wait, ...claimed } = reply
  const ofWorkspace = workspaceRates(rates)
  const reserved = wait === undefined ? undefined : parseModelWait(wait)?.reserved
  return {
    ...claimed,
    deadline,
    ...(isUnread && { unread: true as const }),
    ...(Object.keys(ofWorkspace).length > 0 && { workspaceRates: ofWorkspace }),
    ...(reserved && { reserved }),
    ...(await readable(transfers, claimed.taskId, texts)),
  }
}

function isClaimed(reply: { outcome: string }): reply is ScriptClaimed {
  return reply.outcome === 'claimed'
}

/** Values that are missing or broken now would be so for the next worker, too. */
async function readable(
  transfers: Transfers,
  taskId: string,
  texts: string[],
): Promise<{ facts: Fact[]; unreadable?: string }> {
  try {
    return { facts: await unpackHeld(texts, loadBlobs(transfers, taskId)) }
  } catch (error) {
    if (error instanceof LonghaulError) throw error
    return { facts: [], unreadable: error instanceof Error ? error.message : String(error) }
  }
}
