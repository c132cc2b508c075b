import type { Bounds } from './over-memory.ts'

/** Keeps the calls of a worker within their memory, each one and all together. */
export type MemoryGuard = {
  kind: 'cgroups' | 'samples'
  /** Takes in a call before its code runs. */
  take: (call: GuardedCall) => Promise<Hold>
}

/** Its processes: that of bubblewrap, and the first one in the sandbox. */
export type GuardedCall = { workspace: string; bwrap: number; init: number }

/** A call that is guarded. */
export type Hold = {
  /** Ends the guard of a call that has ended; resolves with the bound for which the guard stopped it. */
  release: () => Promise<keyof Bounds | undefined>
}
