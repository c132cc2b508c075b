import type { AdminStore, WorkspaceLimits } from '@longhaul/core'
import { everyShard } from '../admin/every-shard.ts'

type Ports = { adminStore: Pick<AdminStore, 'setLimits' | 'limitsOf'>; shards: number }

/** What is set for a workspace, and the number of its last change; 0 before the first. */
export type StoredLimits = { overrides: WorkspaceLimits; revision: number }

/**
 * Reads what is set for a workspace. The first shard decides. A shard that is behind it gets the same limits: it is new,
 * or a change has failed before it reached the shard.
 */
export async function readStoredLimits(
  workspace: string,
  { adminStore, shards }: Ports,
): Promise<StoredLimits> {
  const stored = await adminStore.limitsOf(0, workspace)
  if (stored === undefined) return { overrides: {}, revision: 0 }
  const { overrides, revision } = stored
  await everyShard(shards, async (shard) => {
    if (shard === 0) return
    const other = await adminStore.limitsOf(shard, workspace)
    if (other === undefined || other.revision < revision)
      await adminStore.setLimits(shard, workspace, overrides, revision)
  })
  return stored
}

/**
 * Stores the limits of a workspace in every shard. Returns false, without an effect, if others have stored this revision
 * or a later one.
 */
export async function storeLimits(
  workspace: string,
  { overrides, revision }: StoredLimits,
  { adminStore, shards }: Ports,
): Promise<boolean> {
  if (!(await adminStore.setLimits(0, workspace, overrides, revision))) return false
  await everyShard(shards, async (shard) => {
    if (shard > 0) await adminStore.setLimits(shard, workspace, overrides, revision)
  })
  return true
}
