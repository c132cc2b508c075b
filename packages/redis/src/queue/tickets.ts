import type { Tickets, TurnRef } from '@longhaul/core'
import { Queue as BullQueue } from 'bullmq'
import type { Redis } from 'ioredis'
import { queueName, shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'

/** The field that BullMQ writes with its default when it is missing. */
const maxEvents = 'opts.maxLenEvents'

export type TicketQueue = ReturnType<typeof createTickets>

/**
 * The producers' side of every shard's BullMQ queue. A job is a ticket: the worker that takes it may run turns of the
 * shard. Its data name the turn for which it was added, for people who look at the queue.
 */
export function createTickets(redis: Redis, shards: number) {
  const queues: (BullQueue | undefined)[] = []
  const queueOf = (shard: number): BullQueue => (queues[shard] ??= openQueue(redis, shard))

  return {
    async add(shard: number, turn?: TurnRef): Promise<void> {
      await queueOf(shard).add('run', turn ?? {})
    },

    /** Restores the settings of each queue that Redis has lost. Without them, the events of a queue are hardly trimmed. */
    async restoreMeta(): Promise<void> {
      for (let shard = 0; shard < shards; shard += 1) {
        const { metaValues } = queueOf(shard)
        const meta = `${shardKeys(shard).queue}meta`
        const stored = await guarded(() => redis.hget(meta, maxEvents))
        if (stored !== String(metaValues[maxEvents]))
          await guarded(() => redis.hset(meta, metaValues))
      }
    },

    async close(): Promise<void> {
      for (const queue of queues) await queue?.close()
    },
  }
}

function openQueue(redis: Redis, shard: number): BullQueue {
  const queue = new BullQueue(queueName, {
    connection: redis,
    prefix: shardKeys(shard).tag,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  })
  // The listener of the connection reports its errors. Each call rejects with its own error.
  queue.on('error', () => {})
  return queue
}

/** Later starts than this are left to the reconcilers, whose next pass is timed for them. */
const offeredAheadMs = 60_000

/** Adds a ticket for a turn that may start after a while. If this process ends before, a reconciler adds it. */
export function offerLater(tickets: Tickets | undefined, shard: number, afterMs: number): void {
  if (tickets === undefined || afterMs <= 0 || afterMs > offeredAheadMs) return
  setTimeout(() => offerTicket(tickets, shard, { wantsTicket: true }), afterMs + 5).unref()
}

/**
 * Adds a ticket if a script has asked for one. Nobody waits for it, and a failure is ignored: a reconciler adds a ticket
 * that is missing.
 */
export function offerTicket(
  tickets: Tickets | undefined,
  shard: number,
  wanted: { wantsTicket: boolean; turn?: { taskId: string; turn: number } },
): void {
  if (wanted.wantsTicket) tickets?.add(shard, wanted.turn).catch(() => {})
}
