import { createFairQueue, createLogMemory, limits, type ReserveCapacity } from '@longhaul/core'

const { copies, logs, work } = limits.liveBytes

/** The capacity that one piece of work has. It waits for more, and releases all of it at its end. */
export type HeldBytes = { capacity: ReserveCapacity; end(): void }

export type LiveBytes = ReturnType<typeof createLiveBytes>

/** Counts the bytes of tasks that this process holds, within shares of its heap. */
export function createLiveBytes(heap: number) {
  const bytes = Math.floor(heap * work)
  // Other workspaces must find capacity, so one workspace counts for at most this much, even for one large piece.
  const perWorkspace = Math.floor((bytes * 3) / 4)
  const queue = createFairQueue({
    name: 'memory',
    atOnce: bytes,
    perWorkspace,
    waiting: Infinity,
  })
  const logMemory = createLogMemory({ bytes: heap * logs, now: () => performance.now() })

  return {
    logs: logMemory,
    now: () => logMemory.bytes() + queue.taken(),
    waiting: () => logMemory.waiting() + queue.waiting(),

    /** Registers work of a workspace that holds no bytes yet. */
    hold(workspace: string, signal: AbortSignal): HeldBytes {
      let taken = 0
      let leave: (() => void) | undefined
      let isOver = false
      let last: Promise<void> = Promise.resolve()
      function release(): void {
        leave?.()
        leave = undefined
        taken = 0
      }
      async function take(size: number): Promise<void> {
        if (size <= taken || isOver) return
        // Work that waits must hold nothing: earlier bytes, such as those of a refused reply, are released.
        release()
        const releaseTaken = await queue.take(workspace, { size, signal })
        if (isOver) releaseTaken()
        else [leave, taken] = [releaseTaken, size]
      }

      return {
        capacity(size) {
          const reserved = last.then(() => take(Math.min(size * copies, perWorkspace)))
          last = reserved.catch(() => {})
          return reserved
        },
        end() {
          isOver = true
          release()
        },
      }
    },
  }
}
