import { createFairQueue, createLogMemory, limits, type ReserveCapacity } from '@longhaul/core'

const { copies, logs, work } = limits.liveBytes

/** Room for one piece of work: more of it is waited for, and all is given up at its end. */
export type HeldBytes = { capacity: ReserveCapacity; end(): void }

export type LiveBytes = ReturnType<typeof createLiveBytes>

/** What this process holds of tasks, within shares of its heap. */
export function createLiveBytes(heap: number) {
  const bytes = Math.floor(heap * work)
  // What others need must find some: so much of one workspace counts at most, also of one large piece.
  const perWorkspace = Math.floor((bytes * 3) / 4)
  const queue = createFairQueue({
    name: 'memory',
    atOnce: bytes,
    perWorkspace,
    waiting: Infinity,
  })
  const logRoom = createLogMemory({ bytes: heap * logs, now: () => performance.now() })

  return {
    logs: logRoom,
    now: () => logRoom.bytes() + queue.taken(),
    waiting: () => logRoom.waiting() + queue.waiting(),

    /** Work of a workspace that holds nothing yet. */
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
        // Nobody waits who holds: what came before, such as a reply that was refused, is gone.
        release()
        const given = await queue.take(workspace, { size, signal })
        if (isOver) given()
        else [leave, taken] = [given, size]
      }

      return {
        capacity(wanted) {
          const given = last.then(() => take(Math.min(wanted * copies, perWorkspace)))
          last = given.catch(() => {})
          return given
        },
        end() {
          isOver = true
          release()
        },
      }
    },
  }
}
