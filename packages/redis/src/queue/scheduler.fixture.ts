import type { Claimed, NextReply, Submission } from '@longhaul/core'
import { test as base } from '@longhaul/testbed'
import { createAdminStore } from '../admin/admin-store.ts'
import { shardKeys } from '../connection/keys.ts'
import { day, submission } from '../lifecycle/turn.fixture.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'
import { endOf, idOf, lockMs, nextAttempt } from './claims.fixture.ts'

export { endOf, idOf, lockMs, nextAttempt } from './claims.fixture.ts'

/** A shard with a clock that tests set, and tickets that are only counted. */
export const test = base
  .extend('time', () => ({ now: 1_000_000 }))
  .extend('tickets', ({ redis }) => {
    let added = 0
    return {
      added: () => added,
      async add() {
        added += 1
        await redis.lpush(shardKeys(0).tickets, `t${added}`)
      },
      /** A worker takes a ticket. */
      take: async () => (await redis.rpop(shardKeys(0).tickets)) !== null,
      waiting: async () => await redis.llen(shardKeys(0).tickets),
    }
  })
  .extend('store', ({ redis, time, tickets }) =>
    createTaskStore(redis, { tickets, worker: 'w', clock: () => time.now }),
  )
  .extend('maintenance', ({ redis, time, tickets }) =>
    createMaintenance(redis, { tickets, worker: 'w', clock: () => time.now }),
  )
  .extend('admin', ({ redis, time, tickets }) =>
    createAdminStore(redis, { tickets, clock: () => time.now }),
  )
  .extend('queue', ({ store }) => {
    let made = 0
    async function claim(slot = 's'): Promise<NextReply> {
      return await store.claimNext({ shard: 0, slot, attempt: nextAttempt(), lockMs })
    }
    return {
      /** Claims for a slot; every call has a new attempt. */
      claim,
      /** Submits the first turn of a new task; resolves with the task. */
      async submit(part: Partial<Submission> = {}): Promise<string> {
        made += 1
        const taskId = idOf(made)
        await store.submit(submission({ taskId, requestId: taskId, deadlineMs: day, ...part }))
        return taskId
      },
      /** The same where a turn must be claimed. */
      async start(slot = 's'): Promise<Claimed> {
        const reply = await claim(slot)
        if (reply.outcome !== 'claimed') throw new Error(`no turn was claimed: ${reply.outcome}`)
        return reply
      },
      /** Ends a claimed turn. With a slot, claims the next turn in the same script. */
      async end(claimed: Claimed, slot?: string): Promise<NextReply | undefined> {
        const next =
          slot === undefined ? undefined : { shard: 0, slot, attempt: nextAttempt(), lockMs }
        const reply = await store.append({ ...endOf(claimed), next })
        if (reply.outcome !== 'ok') throw new Error(`the end was refused: ${reply.outcome}`)
        return reply.next
      },
    }
  })
