import { createFairQueue, limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from './keys.ts'
import { guarded } from './unavailable.ts'

/** The connection for large values, used by a few at a time; workspaces take turns. */
export type Bulk = {
  run<T>(workspace: string, work: (on: Redis) => Promise<T>): Promise<T>
}

/** `patient` is for processes that bound the number of their callers themselves: none is refused. */
export function createBulk(redis: Redis, { patient = false } = {}): Bulk {
  const queue = createFairQueue({ name: 'large transfers', ...limits.transfers })
  return { run: (workspace, work) => queue.run(workspace, () => work(redis), { patient }) }
}

/** Whose transfer it is. */
export type Owner = { taskId: string } | { workspace: string }

/** The ways to Redis: the usual connection for what is small, the bulk connection for what is large. */
export type Transfers = ReturnType<typeof createTransfers>

/** Without a bulk connection everything takes the usual one. */
export function createTransfers(redis: Redis, bulk?: Bulk) {
  async function workspaceOf(owner: Owner): Promise<string> {
    if ('workspace' in owner) return owner.workspace
    // Of a task that is gone there is nothing large to move.
    return (await guarded(() => redis.hget(taskKeys(owner.taskId).head, 'ws'))) ?? ''
  }

  async function large<T>(owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> {
    if (bulk === undefined) return await work(redis)
    return await bulk.run(await workspaceOf(owner), work)
  }

  return {
    redis,
    large,
    /** Moves so many characters. */
    move: <T>(size: number, owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> =>
      size > limits.large ? large(owner, work) : work(redis),
  }
}

/** How many characters the arguments of a command have. */
export function sizeOf(args: (string | number)[]): number {
  let size = 0
  for (const arg of args) size += typeof arg === 'string' ? arg.length : 8
  return size
}
