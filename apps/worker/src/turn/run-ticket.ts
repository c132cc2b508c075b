import { limits, type NextReply } from '@longhaul/core'
import type { Slot } from '@longhaul/redis'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Suspects } from '../suspects/run-suspect.ts'
import { acceptClaim, type ClaimedTurn, smallLog } from './claim-turn.ts'
import type { CrashedTurns } from './crashed-turns.ts'
import type { NextTurn } from './next-turn.ts'
import { runTurn, type TurnDeps } from './run-turn.ts'
import type { AfterEnd } from './turn-end.ts'
import { unlessUnavailable } from './unless-unavailable.ts'

export type TicketDeps = TurnDeps & {
  /** Runs suspects in processes of their own. */
  suspects: Pick<Suspects, 'run'>
  /** Admits turns that have crashed several workers, one at a time. */
  crashed: CrashedTurns
  /** After this time, or this many turns, a worker gives its ticket back between two turns. */
  ticket?: { ms: number; turns: number }
}

const usualTicket = { ms: limits.worker.ticketMs, turns: limits.worker.ticketTurns }

/**
 * Uses a ticket: runs turns of a shard one after the other, until nothing can start. The script that ends a turn also
 * claims the next one.
 */
export async function runTicket(slot: Slot, deps: TicketDeps): Promise<void> {
  const { drain, store, live, lockMs, newId, wasBlocked, crashed, log } = deps
  const { ticket = usualTicket } = deps
  const giveBackAt = performance.now() + ticket.ms
  const options = { store, lockMs, logs: live.logs, newId }
  let turns = 0

  const newClaim = (): NextTurn => ({
    claim: {
      shard: slot.shard,
      slot: slot.id,
      attempt: newId(),
      lockMs,
      capacity: smallLog,
      leavesCrashed: crashed.isRunning(),
    },
    sentAt: performance.now(),
  })
  /** Whether the ticket is given back. While this process is slow, another one should run the next turn. */
  function isOver(): boolean {
    if (drain.isDraining() || wasBlocked()) return true
    return turns >= ticket.turns || performance.now() >= giveBackAt
  }

  /** The claim of the next turn, if this worker wants one. */
  const nextTurn = (): NextTurn | undefined => (isOver() ? undefined : newClaim())

  async function claimNext(): Promise<ClaimedTurn> {
    if (drain.isDraining()) return { type: 'none' }
    const { claim, sentAt } = newClaim()
    const reply = await store.claimNext(claim).catch(unlessUnavailable)
    if (reply === undefined) {
      // The ticket is given up, but not at once: a store that refuses would be asked again and again.
      await sleep(limits.unavailableDelay)
      return { type: 'none' }
    }
    return await accept(reply, sentAt)
  }

  async function accept(reply: NextReply, sentAt: number): Promise<ClaimedTurn> {
    return (await acceptClaim(reply, sentAt, options).catch(unlessUnavailable)) ?? { type: 'retry' }
  }

  /** Runs a turn, unless it has crashed several workers and another such turn runs here. */
  async function runClaimed(claimed: Extract<ClaimedTurn, { type: 'claimed' }>): Promise<AfterEnd> {
    const { claim, place } = claimed
    const leave = crashed.enter(claim)
    if (leave === undefined) {
      place.leave()
      await store.release(claim, undefined, limits.crashedDelay).catch(unlessUnavailable)
      return {}
    }
    try {
      return await runTurn(claimed, nextTurn, deps)
    } finally {
      leave()
    }
  }

  try {
    let claimed = await claimNext()
    while (claimed.type !== 'none') {
      let after: AfterEnd = {}
      if (claimed.type === 'claimed') {
        turns += 1
        after = await runClaimed(claimed)
      } else if (claimed.type === 'suspect') {
        turns += 1
        await deps.suspects.run(claimed.suspect)
      }
      const { next, wasFull = false } = after
      if (next?.reply !== undefined) claimed = await accept(next.reply, next.sentAt)
      else claimed = wasFull || isOver() ? { type: 'none' } : await claimNext()
    }
  } catch (error) {
    log.error({ err: error }, 'ticket failed unexpectedly')
  }
}
