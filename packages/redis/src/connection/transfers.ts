import { createFairQueue, limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { Call } from '../lua/define-script.ts'
import { runScript } from '../lua/run-script.ts'
import { taskKeys } from './keys.ts'
import { guarded } from './unavailable.ts'

/** The connection for large values, used by a few at a time; workspaces take turns. */
export type Bulk = {
  run<T>(workspace: string, work: (on: Redis) => Promise<T>): Promise<T>
  /** Makes a small read on another connection, which all share: a few of each workspace at a time. */
  read<T>(workspace: string, work: () => Promise<T>): Promise<T>
}

/** `patient` is for processes that bound the number of their callers themselves: none is refused, and no small read waits. */
export function createBulk(redis: Redis, { patient = false } = {}): Bulk {
  const queue = createFairQueue({ name: 'large transfers', ...limits.transfers })
  const reads = createFairQueue({ name: 'reads', ...limits.sharedReads, waiting: Infinity })
  return {
    run: (workspace, work) => queue.run(workspace, () => work(redis), { patient }),
    read: (workspace, work) => (patient ? work() : reads.run(workspace, work)),
  }
}

/** Tasks whose workspaces are remembered. */
const remembered = 10_000

/** Whose transfer it is. */
export type Owner = { taskId: string } | { workspace: string }

/** The ways to Redis: the usual connection for what is small, the bulk connection for what is large. */
export type Transfers = ReturnType<typeof createTransfers>

/** Without a bulk connection everything takes the usual one. */
export function createTransfers(redis: Redis, bulk?: Bulk) {
  /** A task stays in its workspace. */
  const known = new LRUCache<string, string>({ max: remembered })

  async function workspaceOf(owner: Owner): Promise<string> {
    const workspace = knownWorkspace(owner)
    if (workspace !== undefined || 'workspace' in owner) return workspace ?? ''
    // Of a task that is gone there is nothing large to move.
    return (await guarded(() => redis.hget(taskKeys(owner.taskId).head, 'ws'))) ?? ''
  }

  function knownWorkspace(owner: Owner): string | undefined {
    return 'workspace' in owner ? owner.workspace : known.get(owner.taskId)
  }

  async function large<T>(owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> {
    if (bulk === undefined) return await work(redis)
    return await bulk.run(await workspaceOf(owner), work)
  }

  /** What nobody knows yet waits in one line. */
  async function small<T>(owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> {
    if (bulk === undefined) return await work(redis)
    return await bulk.read(knownWorkspace(owner) ?? '', () => work(redis))
  }

  return {
    redis,
    large,
    small,
    /** Whose a task is: its next small reads wait with those of its workspace. */
    remember(taskId: string, workspace: string): void {
      known.set(taskId, workspace)
    },
    /** Reads so many characters. */
    read: <T>(
      size: number,
      owner: Owner,
      work: (on: Redis) => Promise<T>,
      { most = limits.large }: { most?: number } = {},
    ): Promise<T> => (size > most ? large(owner, work) : small(owner, work)),
    /** Runs a script on the connection that the size of its arguments asks for. */
    send: <R>(owner: Owner, call: Call<R>): Promise<R> =>
      sizeOf(call.args) > limits.large
        ? large(owner, (on) => runScript(on, call))
        : runScript(redis, call),
    /** Writes so many characters. */
    move: <T>(size: number, owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> =>
      size > limits.large ? large(owner, work) : work(redis),
  }
}

/** How many characters the arguments of a command have. */
function sizeOf(args: (string | number)[]): number {
  let size = 0
  for (const arg of args) size += typeof arg === 'string' ? arg.length : 8
  return size
}
