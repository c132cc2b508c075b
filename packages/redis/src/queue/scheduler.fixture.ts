import { type Claimed, type NextReply, taskIdInShard, type Submission } from '@longhaul/core'
import { test as base } from '@longhaul/testbed'
import { createAdminStore } from '../admin/admin-store.ts'
import { shardKeys } from '../connection/keys.ts'
import { completed, day, result, submission } from '../lifecycle/turn.fixture.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'

export const lockMs = 10_000

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

export function endOf({ taskId, turn, attempt, length }: Claimed) {
  const end = { folded: length, status: 'completed', result } as const
  return { taskId, turn, attempt, ordinal: 1, facts: [completed], end }
}

let attempts = 0
/** Attempts of a slot ascend, as ULIDs of one process do. */
export function nextAttempt(): string {
  attempts += 1
  return `a${String(attempts).padStart(9, '0')}`
}

export function idOf(number: number): string {
  return taskIdInShard(`01K0000000${String(number).padStart(16, '0')}`, 0)
}
