import { existsSync } from 'node:fs'
import { openCgroups, ownCgroup } from './cgroups.ts'
import type { MemoryGuard } from './memory-guard.ts'
import type { Bounds } from './over-memory.ts'
import { createSampler } from './sampler.ts'

/** The kind of the memory guard. For samples, `reason` says why cgroups cannot be used. */
export type MemoryReport = { memory: MemoryGuard['kind']; reason?: string }

/** Opens the guard by cgroups where this process may make them, else the guard by samples. */
export async function openGuard(
  bounds: Bounds,
): Promise<{ guard: MemoryGuard; report: MemoryReport }> {
  try {
    const guard = await openCgroups(await ownCgroup(), bounds)
    return { guard, report: { memory: guard.kind } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (!existsSync(`/proc/self/task/${process.pid}/children`)) {
      const missing = 'the kernel does not list the children of a process (CONFIG_PROC_CHILDREN)'
      throw new Error(`memory cannot be limited: ${missing}, and ${reason}`, { cause: error })
    }
    const guard = createSampler(bounds)
    return { guard, report: { memory: guard.kind, reason } }
  }
}
