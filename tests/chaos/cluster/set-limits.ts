import { shardOfWorkspace, type Tickets, type WorkspaceLimits } from '@longhaul/core'
import { createAdminStore } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { isDeepStrictEqual } from 'node:util'
import type { LimitChange } from '../evidence/evidence.ts'
import { doubtChanges } from '../evidence/limits-at.ts'
import { retryUntilStored } from './retry-until-stored.ts'

type Span = { from: number; to: number }

/** Changes the limits of workspaces as an operator does, one change after the other, and records when. */
export function createLimitSetter(
  redis: Redis,
  { tickets, shards }: { tickets: Tickets; shards: number },
) {
  const admin = createAdminStore(redis, { tickets, shards })
  const changes: LimitChange[] = []
  let last: Promise<void> = Promise.resolve()

  async function apply(
    workspace: string,
    part: WorkspaceLimits,
    before = changes.findLast((change) => change.workspace === workspace)?.limits,
  ): Promise<void> {
    const change = { workspace, from: Date.now(), to: Infinity, limits: { ...before, ...part } }
    changes.push(change)
    await store(workspace, change.limits)
    change.to = Date.now()
  }

  async function store(workspace: string, limits: WorkspaceLimits): Promise<void> {
    for (let shard = 0; shard < shards; shard += 1) {
      await retryUntilStored(() => admin.setLimits(shard, workspace, limits))
    }
  }

  /** Repeats changes that a failover has lost. Until then, the limits that the replica had are in force. */
  async function repeatLost({ from, to }: Span): Promise<void> {
    doubtChanges(changes, { from, to })
    const latest = new Map(changes.map((change) => [change.workspace, change.limits]))
    for (const [workspace, limits] of latest) {
      const shard = shardOfWorkspace(workspace, shards)
      const stored = await readLimits(shard, workspace)
      if (isDeepStrictEqual(defined(stored), defined(limits))) continue
      changes.push({ workspace, from, to: Date.now(), limits: stored })
      await apply(workspace, {}, limits)
    }
  }

  async function readLimits(shard: number, workspace: string): Promise<WorkspaceLimits> {
    let found: WorkspaceLimits = {}
    await retryUntilStored(async () => {
      found = (await admin.limitsOf(shard, workspace))?.overrides ?? {}
    })
    return found
  }

  async function inTurn(work: () => Promise<void>): Promise<void> {
    const done = last.then(work)
    last = done.catch(() => {})
    await done
  }

  return {
    changes: changes as readonly LimitChange[],

    /** Changes these limits of a workspace. The others stay. */
    set: (workspace: string, part: WorkspaceLimits) => inTurn(() => apply(workspace, part)),
    repeatLost: (failover: Span) => inTurn(() => repeatLost(failover)),
    /** Spreads the tasks of a workspace over all shards. */
    spread: (workspace: string) => store(workspace, { spread: shards }),

    /** Removes all limits, and ends all pauses. */
    async clear(): Promise<void> {
      const none = {
        running: undefined,
        runningPerFairnessKey: undefined,
        weight: undefined,
        paused: false,
      }
      const changed = new Set(changes.map(({ workspace }) => workspace))
      for (const workspace of changed) await this.set(workspace, none)
    },
  }
}

/** Without limits that are undefined. */
function defined(limits: WorkspaceLimits): WorkspaceLimits {
  return JSON.parse(JSON.stringify(limits)) as WorkspaceLimits
}
