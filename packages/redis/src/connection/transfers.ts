import { createFairQueue, limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { Call } from '../lua/define-script.ts'
import { runScript } from '../lua/run-script.ts'
import { taskKeys } from './keys.ts'
import { away, guarded, isUnanswered } from './unavailable.ts'

/** The connection for large values. A few callers use it at a time, and workspaces take turns. */
export type Bulk = {
  run<T>(workspace: string, work: (on: Redis) => Promise<T>): Promise<T>
  /** Runs a small read on the shared connection: a few of each workspace at a time. */
  read<T>(workspace: string, work: () => Promise<T>): Promise<T>
}

/**
 * `patient` is for processes that limit the number of their callers themselves: no caller is refused, and no small read
 * waits.
 */
export function createBulk(redis: Redis, { patient = false } = {}): Bulk {
  const queue = createFairQueue({ name: 'large transfers', ...limits.transfers })
  const reads = createFairQueue({ name: 'reads', ...limits.sharedReads, waiting: Infinity })
  let outage = new AbortController()

  /** A read that waits behind one that Redis left without a reply is refused with it, and not after a second wait. */
  async function untilOutage<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isUnanswered(error)) {
        outage.abort(away())
        outage = new AbortController()
      }
      throw error
    }
  }

  return {
    run: (workspace, work) => queue.run(workspace, () => work(redis), { patient }),
    read: (workspace, work) =>
      patient ? work() : reads.run(workspace, () => untilOutage(work), { signal: outage.signal }),
  }
}

/** The number of tasks whose workspaces are cached. */
const remembered = 10_000

/** The task or the workspace of a transfer. */
export type Owner = { taskId: string } | { workspace: string }

/** Access to Redis: the default connection for small values, the bulk connection for large ones. */
export type Transfers = ReturnType<typeof createTransfers>

/** Without a bulk connection, everything uses the default one. */
export function createTransfers(redis: Redis, bulk?: Bulk) {
  /** The workspaces of tasks. A task never changes its workspace. */
  const known = new LRUCache<string, string>({ max: remembered })

  async function workspaceOf(owner: Owner): Promise<string> {
    const workspace = knownWorkspace(owner)
    if (workspace !== undefined || 'workspace' in owner) return workspace ?? ''
    // A task that no longer exists has no large values.
    return (await guarded(() => redis.hget(taskKeys(owner.taskId).head, 'ws'))) ?? ''
  }

  function knownWorkspace(owner: Owner): string | undefined {
    return 'workspace' in owner ? owner.workspace : known.get(owner.taskId)
  }

  async function large<T>(owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> {
    if (bulk === undefined) return await work(redis)
    return await bulk.run(await workspaceOf(owner), work)
  }

  /** Reads of tasks whose workspace is unknown share one queue. */
  async function small<T>(owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> {
    if (bulk === undefined) return await work(redis)
    return await bulk.read(knownWorkspace(owner) ?? '', () => work(redis))
  }

  return {
    redis,
    large,
    small,
    /** Caches the workspace of a task, so that its next small reads wait in the queue of that workspace. */
    remember(taskId: string, workspace: string): void {
      known.set(taskId, workspace)
    },
    /** Reads a value of `size` characters. */
    read: <T>(
      size: number,
      owner: Owner,
      work: (on: Redis) => Promise<T>,
      { most = limits.large }: { most?: number } = {},
    ): Promise<T> => (size > most ? large(owner, work) : small(owner, work)),
    /** Runs a script on the connection for the size of its arguments. */
    send: <R>(owner: Owner, call: Call<R>): Promise<R> =>
      sizeOf(call.args) > limits.large
        ? large(owner, (on) => runScript(on, call))
        : runScript(redis, call),
    /** Writes a value of `size` characters. */
    move: <T>(size: number, owner: Owner, work: (on: Redis) => Promise<T>): Promise<T> =>
      size > limits.large ? large(owner, work) : work(redis),
  }
}

/** The number of characters of a command's arguments. */
function sizeOf(args: (string | number)[]): number {
  let size = 0
  for (const arg of args) size += typeof arg === 'string' ? arg.length : 8
  return size
}
