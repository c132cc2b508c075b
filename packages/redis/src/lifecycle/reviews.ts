import { type Reviews, shardOf, type Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { blobRowsOf } from '../log/blob-rows.ts'
import { type Blobs, pack } from '../log/blobs.ts'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { type Bulk, createTransfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'
import { runScript } from '../lua/run-script.ts'
import { recordReviewScript } from '../lua/task/record-review.ts'
import { removeReviewScript } from '../lua/task/remove-review.ts'
import { offerTicket } from '../queue/tickets.ts'

type Options = { shards: number; clock?: () => number; bulk?: Bulk; tickets?: Tickets }

/** Calls that wait for a review, in Redis. */
export function createReviews(redis: Redis, { shards, clock, bulk, tickets }: Options): Reviews {
  const transfers = createTransfers(redis, bulk)
  return {
    async record({ taskId, turn }, { folded, fact }) {
      const keys = taskKeys(taskId)
      const blobs: Blobs = new Map()
      const call = recordReviewScript.call(keys, {
        clockTime: clock?.() ?? '',
        taskId,
        turn,
        folded,
        fact: pack(fact, blobs),
        blobs: blobRowsOf(blobs, keys),
      })
      const reply = await transfers.send({ taskId }, call)
      offerTicket(tickets, shardOf(taskId), reply)
      return reply.outcome
    },

    async tasks(workspace, { below, limit }) {
      const begin = `${workspace}:`
      // The character after the colon is the upper bound of all members with this prefix.
      const top = below === undefined ? `(${workspace};` : `(${begin}${below}`
      const lists = await guarded(() =>
        Promise.all(
          Array.from({ length: shards }, (_, shard) =>
            redis.zrevrangebylex(shardKeys(shard).reviews, top, `[${begin}`, 'LIMIT', 0, limit),
          ),
        ),
      )
      const ids = lists.flat().map((member) => member.slice(begin.length))
      return ids.toSorted().toReversed().slice(0, limit)
    },

    async drop(workspace, taskId, folded) {
      const values = { review: `${workspace}:${taskId}`, folded }
      await runScript(redis, removeReviewScript.call(taskKeys(taskId), values))
    },
  }
}
