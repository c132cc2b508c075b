import { limits } from '../limits/limits.ts'

/** A turn whose log is held. */
export type LogReservation = {
  /** How many bytes it holds now. */
  grow(bytes: number): void
  /** Whether it must give up its log, since all together hold too much. */
  isOver(): boolean
  leave(): void
}

/** Comes again after so many milliseconds: until then it keeps its place in the line. */
export type CapacityExceeded = { waitMs: number }

export type LogMemory = ReturnType<typeof createLogMemory>

const { again, atOnce, filled, patience } = limits.liveBytes

/**
 * Which turns a process runs, by how many bytes their logs hold. A turn with a small log never waits. Of those that
 * wait, the next one is the oldest of the workspace that holds the least, and no other passes it. A log that is larger
 * than all of the memory comes in alone. The first one that is in never has to leave, so that one always gets on.
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
  /** The first one that came in is the first one. */
  const inside = new Set<HeldBytes>()
  /** By task, the oldest first. */
  const waiting = new Map<string, HeldBytes & { due: number }>()
  let all = 0

  function firstLarge(): HeldBytes | undefined {
    for (const held of inside) if (held.bytes > small) return held
    return undefined
  }

  /** Room for what those inside will record is kept free. */
  function hasRoomFor(bytes: number): boolean {
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
      // One that does not come, as where another process has it, holds nobody up.
      if (holds >= least || due + again < now()) continue
      chosen = taskId
      least = holds
    }
    return chosen
  }

  function forgetGone(): void {
    for (const [taskId, { due }] of waiting) if (due + patience < now()) waiting.delete(taskId)
  }

  /** Those at the front of their workspace's line look more often. */
  function wait(taskId: string, held: HeldBytes): CapacityExceeded {
    const line = [...waiting].filter(([, { workspace }]) => workspace === held.workspace)
    const position = line.findIndex(([id]) => id === taskId)
    const waitMs = again * (1 + Math.floor(position / atOnce))
    waiting.set(taskId, { ...held, due: now() + waitMs })
    return { waitMs }
  }

  function place(held: HeldBytes): LogReservation {
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
    /** How many bytes the logs hold. */
    bytes: () => all,

    waiting(): number {
      forgetGone()
      return waiting.size
    },

    /** For a turn with a small log. */
    add: (workspace: string, bytes: number) => place({ workspace, bytes }),

    /** For a turn with a larger one. */
    enter(taskId: string, workspace: string, bytes: number): LogReservation | CapacityExceeded {
      const held = { workspace, bytes }
      forgetGone()
      waiting.set(taskId, { ...held, due: now() })
      if (next() !== taskId || !hasRoomFor(bytes)) return wait(taskId, held)
      waiting.delete(taskId)
      return place(held)
    },
  }
}
