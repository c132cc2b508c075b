import {
  type AdminStore,
  effectiveLimits,
  limits as constants,
  limitsObjectOf,
  limitsOf,
  type LimitsPatch,
  LonghaulError,
  mergeLimits,
  type WorkspaceLimits,
  type WorkspaceUse,
} from '@longhaul/core'
import { everyShard } from '../admin/every-shard.ts'
import { orRepeat } from '../lib/when-unavailable.ts'
import { createShortLivedCache } from '../lib/short-lived-cache.ts'
import { readStoredLimits, type StoredLimits, storeLimits } from './stored-limits.ts'

export type LimitsPorts = {
  adminStore: Pick<AdminStore, 'setLimits' | 'limitsOf' | 'useOf'>
  shards: number
  /** The limits of workspaces that have no others. */
  defaultLimits: WorkspaceLimits
  now: () => number
}

/** The limits of a workspace, those of them that were set for it, and what it uses now. */
export type LimitsView = {
  limits: WorkspaceLimits
  overrides: WorkspaceLimits
  use: WorkspaceUse
}

export type Limits = ReturnType<typeof createLimits>

/** The verbs on the limits of workspaces. */
export function createLimits({ adminStore, shards, defaultLimits, now }: LimitsPorts) {
  const bounds = { lifetime: constants.remembered.time, size: constants.remembered.keys, now }
  const known = createShortLivedCache<StoredLimits>(bounds)
  const used = createShortLivedCache<WorkspaceUse>(bounds)
  const ports = { adminStore, shards }

  async function view(workspace: string, { overrides }: StoredLimits): Promise<LimitsView> {
    const use = await used.get(workspace, () => readUse(workspace))
    return { limits: effectiveLimits(defaultLimits, overrides), overrides, use }
  }

  async function readUse(workspace: string): Promise<WorkspaceUse> {
    const uses = await everyShard(shards, (shard) => adminStore.useOf(shard, workspace))
    return uses.reduce(sum)
  }

  return {
    /** The limits that hold for a workspace. A change may be a second old before it is seen here. */
    async effective(workspace: string): Promise<WorkspaceLimits> {
      const { overrides } = await known.get(workspace, () => readStoredLimits(workspace, ports))
      return effectiveLimits(defaultLimits, overrides)
    },

    /** What a workspace uses is at most a second old. */
    read: async (workspace: string): Promise<LimitsView> =>
      await view(workspace, await readStoredLimits(workspace, ports)),

    /** Changes the limits of a workspace in all shards. Idempotent. */
    change: (workspace: string, patch: LimitsPatch): Promise<LimitsView> =>
      orRepeat('Send it again: it has the same effect.', () => change(workspace, patch)),
  }

  async function change(workspace: string, patch: LimitsPatch): Promise<LimitsView> {
    for (let left = constants.changeTries; left > 0; left -= 1) {
      const before = await readStoredLimits(workspace, ports)
      const overrides = limitsOf(mergeLimits(limitsObjectOf(before.overrides), patch))
      const after = { overrides, revision: before.revision + 1 }
      if (await storeLimits(workspace, after, ports)) {
        known.purge(workspace)
        return await view(workspace, after)
      }
    }
    throw new LonghaulError(
      'conflict',
      'Other requests change these limits at the same time: send the request again.',
    )
  }
}

function sum(a: WorkspaceUse, b: WorkspaceUse): WorkspaceUse {
  const oldest = Math.max(a.oldestMs ?? -1, b.oldestMs ?? -1)
  return {
    queued: a.queued + b.queued,
    running: a.running + b.running,
    parked: a.parked + b.parked,
    tasks: a.tasks + b.tasks,
    bytes: a.bytes + b.bytes,
    oldestMs: oldest < 0 ? undefined : oldest,
  }
}
