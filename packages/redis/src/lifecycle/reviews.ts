import type { Reviews } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { type Blobs, pack } from '../log/blobs.ts'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { type Bulk, createTransfers, sizeOf } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'

const scripts = { review: loadScript('task/record-review'), drop: loadScript('task/remove-review') }

/** How long until a job that was lost is added again, milliseconds. */
const againMs = 5_000

/** Calls that wait for somebody, in Redis. */
export function createReviews(
  redis: Redis,
  { shards, clock, bulk }: { shards: number; clock?: () => number; bulk?: Bulk },
): Reviews {
  const transfers = createTransfers(redis, bulk)
  return {
    async record({ taskId, turn }, { folded, fact }) {
      const { head, log, shard, blob } = taskKeys(taskId)
      const blobs: Blobs = new Map()
      const text = pack(fact, blobs)
      const { outbox, deadlines, wake, addJob, queue } = shard
      const keys = [head, log, outbox, deadlines, wake, ...addJob, ...[...blobs.keys()].map(blob)]
      const now = clock?.() ?? ''
      const args = [now, taskId, turn, folded, text, queue, againMs, ...blobs.values()]
      const reply = await transfers.move(sizeOf(args), { taskId }, (on) =>
        runScript(on, scripts.review, keys, args),
      )
      return reply as 'recorded' | 'stale' | 'ended'
    },

    async tasks(workspace, { below, limit }) {
      const begin = `${workspace}:`
      // The next sign after the colon ends what begins so.
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
      const { log, shard } = taskKeys(taskId)
      const member = `${workspace}:${taskId}`
      await runScript(redis, scripts.drop, [log, shard.reviews], [member, folded])
    },
  }
}
