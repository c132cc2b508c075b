import type { Bounds } from './over-memory.ts'

/** Limits the memory of a worker's calls, of each one and of all together. */
export type MemoryGuard = {
  kind: 'cgroups' | 'samples'
  /** Begins to guard a call, before its code runs. */
  take: (call: GuardedCall) => Promise<Hold>
}

/** A call by its processes: that of bubblewrap, and the first one in the sandbox. */
export type GuardedCall = { workspace: string; bwrap: number; init: number }

/** The guard of one call. */
export type Hold = {
  /** Stops guarding a call that has ended. Resolves with the bound for which the guard killed it, if it did. */
  release: () => Promise<keyof Bounds | undefined>
}
