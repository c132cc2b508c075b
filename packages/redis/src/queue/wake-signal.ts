import { type AnnouncedEnd, type NotificationKind, shardOf, type Wake } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { blockSeconds } from '../connection/connect.ts'
import { shardKeys } from '../connection/keys.ts'
import { asResult, fromStored } from '../log/from-stored.ts'
import { parseJobId } from './job-id.ts'

type Woken = Parameters<Wake['watch']>[1]
type Options = {
  /** Opens the connection of one reader. Blocking reads occupy it. */
  connect: () => Redis
  shards: number
  /**
   * The notifications to read: all, or only `cancels`, because a worker would otherwise read the notifications of all
   * workers.
   */
  notifications?: 'wake' | 'cancels'
  /** Called when a registry has changed, or may have. */
  registryChanged?: () => void
  /** The interval in which all watchers are woken without a reason, milliseconds. It corrects unforeseen losses. */
  sweepMs?: number
}

type Reader = Wake & {
  /** The number of watchers. */
  watching(): number
  close(): Promise<void>
}

/** The pseudo task of shard 0 that announces a change of a registry. */
const registryTask = 'registry'

/** The pause of a reader without watchers, milliseconds. */
const idleMs = 50

/** Reads the wake streams of all shards, with one reader each for all watchers in this process. */
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

/** Notifies the other processes that a registry has changed. */
export async function notifyRegistryChanged(redis: Redis): Promise<void> {
  const fields = ['t', registryTask, 'p', 0, 'k', 'change']
  await redis.xadd(shardKeys(0).wake, 'MAXLEN', '~', 10_000, '0-*', ...fields)
}

/**
 * Notifications are numbered without gaps. A gap (the stream was trimmed or lost, or the reader was disconnected) wakes
 * all watchers, and so do a reconnect and a slow sweep. No wake-up is lost; some are unnecessary.
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
  let endPause: (() => void) | undefined

  /** An entry contains one notification or several, with three fields each. A result comes before its end. */
  function wake(fields: string[]): void {
    let announced: Announced | undefined
    for (let at = 0; at < fields.length; at += 6) {
      const [taskId = '', value = ''] = [fields[at + 1], fields[at + 3]]
      const kind = fields[at + 5] as NotificationKind | 'result'
      if (kind === 'result') {
        announced = { job: taskId, result: value }
        continue
      }
      if (taskId === registryTask) registryChanged()
      const set = watchers.get(taskId)
      const ended = set && announced && kind === 'end' ? endOf(taskId, announced) : undefined
      announced = undefined
      for (const woken of set ?? []) woken(kind, Number(value), ended)
    }
  }

  function wakeAll(): void {
    registryChanged()
    for (const set of watchers.values()) for (const woken of set) woken()
  }

  /** Continues at the end of the stream, and wakes all watchers because of the entries before it. */
  async function resync(): Promise<void> {
    const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
    last = newest === undefined ? 0 : sequence(newest[0])
    wakeAll()
  }

  /**
   * Whether Redis has lost the stream. Its numbers then begin below the last number read, and a read would not return
   * them.
   */
  async function hasRestarted(): Promise<boolean> {
    const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
    return newest === undefined ? last !== 0 : sequence(newest[0]) < (last ?? 0)
  }

  async function readOnce(): Promise<void> {
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
    if (first === undefined && (await hasRestarted())) last = undefined
    if (first !== undefined && sequence(first[0]) !== (last ?? 0) + 1) wakeAll()
    for (const [id, fields] of entries) {
      last = sequence(id)
      wake(fields)
    }
  }

  /** Without watchers, notifications of a short period are read together. */
  async function pauseWhileIdle(): Promise<void> {
    if (watchers.size > 0 || closed) return
    await new Promise<void>((resolve) => {
      endPause = resolve
      setTimeout(resolve, idleMs)
    })
  }

  async function run(): Promise<void> {
    for (;;) {
      try {
        await readOnce()
        await pauseWhileIdle()
      } catch {
        if (closed) return
        // The client reconnects and reports the error itself. Here, notifications may be missing.
        last = undefined
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  const sweep = setInterval(() => {
    // A stream that lost its key starts again at 1, below the last number read.
    last = undefined
  }, sweepMs)
  sweep.unref()
  const running = run()

  return {
    watch(taskId, woken) {
      endPause?.()
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
      endPause?.()
      redis.disconnect()
      await running
    },
  }
}

type Announced = { job: string; result: string }

/** The end of a task that was announced; undefined if its form is unknown. */
function endOf(taskId: string, { job, result }: Announced): AnnouncedEnd | undefined {
  try {
    const turn = parseJobId(job)
    if (turn?.taskId !== taskId) return undefined
    return { turn: turn.turn, result: asResult(fromStored(result)) }
  } catch {
    // The watchers read it.
    return undefined
  }
}

function sequence(id: string): number {
  return Number(id.slice(id.indexOf('-') + 1))
}
