import { limits } from '../limits/limits.ts'

/** The memory that the log of one turn holds. */
export type LogReservation = {
  /** Sets the number of bytes that the log holds now. */
  grow(bytes: number): void
  /** Whether the turn must release its log, because all logs together hold too many bytes. */
  isOver(): boolean
  leave(): void
}

/** The turn should try again after `waitMs` milliseconds. Until then it keeps its position in the queue. */
export type CapacityExceeded = { waitMs: number }

export type LogMemory = ReturnType<typeof createLogMemory>

const { again: retryMs, atOnce, filled, patience } = limits.liveBytes

/**
 * Decides which turns a process runs, by the bytes that their logs hold. A turn with a small log never waits. The next
 * waiting turn is the oldest one of the workspace that holds the least; no other turn overtakes it. A log that is
 * larger than the capacity is admitted alone. The large log that was admitted first never has to leave, so that one
 * turn always makes progress.
 */
export function createLogMemory({
  bytes: capacity,
  small = limits.liveBytes.smallLog,
  now,
}: {
  bytes: number
  small?: number
  /** Milliseconds. */
  now: () => number
}) {
  type HeldBytes = { workspace: string; bytes: number }
  /** In the order of admission. */
  const inside = new Set<HeldBytes>()
  /** By task, the oldest first. */
  const waiting = new Map<string, HeldBytes & { due: number }>()
  let all = 0

  function firstLarge(): HeldBytes | undefined {
    for (const held of inside) if (held.bytes > small) return held
    return undefined
  }

  /** Some capacity stays free for facts that running turns will record. */
  function hasCapacityFor(bytes: number): boolean {
    return firstLarge() === undefined || all + bytes <= capacity * filled
  }

  function next(): string | undefined {
    const held = new Map<string, number>()
    for (const { workspace, bytes } of inside) {
      held.set(workspace, (held.get(workspace) ?? 0) + bytes)
    }
    let chosen: string | undefined
    let least = Infinity
    for (const [taskId, { workspace, due }] of waiting) {
      const holds = held.get(workspace) ?? 0
      // A turn that does not try again, for example because another process has it, does not block the others.
      if (holds >= least || due + retryMs < now()) continue
      chosen = taskId
      least = holds
    }
    return chosen
  }

  function removeExpired(): void {
    for (const [taskId, { due }] of waiting) if (due + patience < now()) waiting.delete(taskId)
  }

  /** Turns at the front of their workspace's queue try more often. */
  function wait(taskId: string, held: HeldBytes): CapacityExceeded {
    const line = [...waiting].filter(([, { workspace }]) => workspace === held.workspace)
    const position = line.findIndex(([id]) => id === taskId)
    const waitMs = retryMs * (1 + Math.floor(position / atOnce))
    waiting.set(taskId, { ...held, due: now() + waitMs })
    return { waitMs }
  }

  function admit(held: HeldBytes): LogReservation {
    inside.add(held)
    all += held.bytes
    return {
      grow(bytes) {
        if (!inside.has(held)) return
        all += bytes - held.bytes
        held.bytes = bytes
      },
      isOver: () => all > capacity && held.bytes > small && held !== firstLarge(),
      leave() {
        if (inside.delete(held)) all -= held.bytes
      },
    }
  }

  return {
    /** The number of bytes that all logs hold. */
    bytes: () => all,

    waiting(): number {
      removeExpired()
      return waiting.size
    },

    /** Admits a turn with a small log. */
    add: (workspace: string, bytes: number) => admit({ workspace, bytes }),

    /** Removes a turn from the queue. */
    forget: (taskId: string) => void waiting.delete(taskId),

    /** Admits a turn with a large log, or puts it into the queue. */
    enter(taskId: string, workspace: string, bytes: number): LogReservation | CapacityExceeded {
      const held = { workspace, bytes }
      removeExpired()
      waiting.set(taskId, { ...held, due: now() })
      if (next() !== taskId || !hasCapacityFor(bytes)) return wait(taskId, held)
      waiting.delete(taskId)
      return admit(held)
    },
  }
}
