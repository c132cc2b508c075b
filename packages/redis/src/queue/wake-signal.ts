import { type NotificationKind, shardOf, type Wake } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { blockSeconds } from '../connection/connect.ts'
import { shardKeys } from '../connection/keys.ts'

type Woken = Parameters<Wake['watch']>[1]
type Options = {
  /** Makes the connection of one reader, which blocks it. */
  connect: () => Redis
  shards: number
  /** What is heard of: everything, or `cancels` alone, since a worker would read all that all workers do. */
  notifications?: 'wake' | 'cancels'
  /** Called when something changed in the registries, or may have. */
  registryChanged?: () => void
  /** How often everybody is woken without a reason, milliseconds: the answer to what nobody thought of. */
  sweepMs?: number
}

type Reader = Wake & {
  /** How many watch. */
  watching(): number
  close(): Promise<void>
}

/** The pseudo task of shard 0 under which a change of a registry is told. */
const registryHint = 'registry'

/** How long a reader rests for whom nobody waits, milliseconds. */
const idleMs = 50

/** The wake streams of all shards, with one reader each for everybody who watches in this process. */
export function createWake(options: Options): Reader {
  const readers = Array.from({ length: options.shards }, (_, shard) => startReader(shard, options))
  return {
    watch: (taskId, woken) => readers[shardOf(taskId)]?.watch(taskId, woken) ?? (() => {}),
    watching: () => readers.reduce((count, reader) => count + reader.watching(), 0),
    async close() {
      await Promise.all(readers.map((reader) => reader.close()))
    },
  }
}

/** Tells the other processes that a registry has changed. */
export async function notifyRegistryChanged(redis: Redis): Promise<void> {
  const hint = ['t', registryHint, 'p', 0, 'k', 'change']
  await redis.xadd(shardKeys(0).wake, 'MAXLEN', '~', 10_000, '0-*', ...hint)
}

/**
 * Hints are numbered without a gap: a jump (the stream was trimmed or lost, or the reader was away)
 * wakes everybody, and so do a reconnect and a slow sweep. No wake-up is lost; some are for nothing.
 */
function startReader(
  shard: number,
  { connect, notifications = 'wake', registryChanged = () => {}, sweepMs = 15_000 }: Options,
): Reader {
  const redis = connect()
  const key = shardKeys(shard)[notifications]
  const watchers = new Map<string, Set<Woken>>()
  let watching = 0
  let last: number | undefined
  let closed = false
  let endRest: (() => void) | undefined

  function wake([, taskId = '', , pos, , kind]: string[]): void {
    if (taskId === registryHint) registryChanged()
    else
      for (const woken of watchers.get(taskId) ?? []) woken(kind as NotificationKind, Number(pos))
  }

  function wakeAll(): void {
    registryChanged()
    for (const set of watchers.values()) for (const woken of set) woken()
  }

  /** Begins anew at the stream's end; whatever came before it is made up for by waking everybody. */
  async function resync(): Promise<void> {
    const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
    last = newest === undefined ? 0 : sequence(newest[0])
    wakeAll()
  }

  /** Whether Redis has lost the stream: its numbers then begin below what was read last, and would not be heard of. */
  async function hasBegunAnew(): Promise<boolean> {
    const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
    return newest === undefined ? last !== 0 : sequence(newest[0]) < (last ?? 0)
  }

  async function turn(): Promise<void> {
    if (last === undefined) await resync()
    const reply = await redis.xread(
      'COUNT',
      1_000,
      'BLOCK',
      blockSeconds * 1_000,
      'STREAMS',
      key,
      `0-${last}`,
    )
    const entries = reply?.[0]?.[1] ?? []
    const [first] = entries
    if (first === undefined && (await hasBegunAnew())) last = undefined
    if (first !== undefined && sequence(first[0]) !== (last ?? 0) + 1) wakeAll()
    for (const [id, fields] of entries) {
      last = sequence(id)
      wake(fields)
    }
  }

  /** While nobody watches, what comes within a moment is read together. */
  async function rest(): Promise<void> {
    if (watchers.size > 0 || closed) return
    await new Promise<void>((resolve) => {
      endRest = resolve
      setTimeout(resolve, idleMs)
    })
  }

  async function run(): Promise<void> {
    for (;;) {
      try {
        await turn()
        await rest()
      } catch {
        if (closed) return
        // The client reconnects by itself and tells why; here it only matters that hints may be missing.
        last = undefined
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  const sweep = setInterval(() => {
    // A stream that lost its key counts from 1 again, below what was read last.
    last = undefined
  }, sweepMs)
  sweep.unref()
  const running = run()

  return {
    watch(taskId, woken) {
      endRest?.()
      const set = watchers.get(taskId) ?? new Set()
      watchers.set(taskId, set.add(woken))
      watching += 1
      return () => {
        if (!set.delete(woken)) return
        watching -= 1
        if (set.size === 0 && watchers.get(taskId) === set) watchers.delete(taskId)
      }
    },

    watching: () => watching,

    async close() {
      closed = true
      clearInterval(sweep)
      endRest?.()
      redis.disconnect()
      await running
    },
  }
}

function sequence(id: string): number {
  return Number(id.slice(id.indexOf('-') + 1))
}
