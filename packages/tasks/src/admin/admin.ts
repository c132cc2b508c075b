import {
  type EntryPage,
  type EntryCursor,
  type EntryQuery,
  limits,
  type TurnRef,
  type ScanResult,
  type ScanCursor,
} from '@longhaul/core'
import { orRepeat } from '../lib/when-unavailable.ts'
import { createShortLivedCache } from '../lib/short-lived-cache.ts'
import { type TotalDemand, totalDemand } from './demand.ts'
import { everyShard } from './every-shard.ts'
import { overview } from './overview.ts'
import type { OperatorPorts } from './ports.ts'
import { redrive } from './redrive.ts'
import { redriveMany, type RedriveRequest, type Redriving } from './redrive-many.ts'

export type Admin = ReturnType<typeof createAdmin>

/** The verbs of the operator, across workspaces. */
export function createAdmin(ports: OperatorPorts) {
  const { adminStore, shards, now } = ports
  const demands = createShortLivedCache<TotalDemand>({ lifetime: 1_000, size: 1, now })
  return {
    overview: () => overview(ports),

    /** The demand for workers, as it was at most a second ago. */
    demand: (): Promise<TotalDemand> => demands.get('', () => totalDemand(ports)),

    list: (request: {
      query: EntryQuery
      limit?: number | undefined
      after?: EntryCursor
    }): Promise<EntryPage> => {
      const { query, limit = limits.listPage, after } = request
      return adminStore.list(query, { limit, after })
    },

    /** Redrives a failed turn and returns the new one. */
    redrive: (id: string): Promise<TurnRef> =>
      orRepeat('Ask again: it goes on once.', () => redrive(id, ports)),

    /** Checks one part of all entries for inconsistencies; with `mend` it repairs them. */
    examine: (
      from: ScanCursor | undefined,
      options: { repair: boolean; limit?: number | undefined },
    ): Promise<ScanResult> => {
      const { repair, limit = limits.scan.default } = options
      return adminStore.scan(from, { repair, limit, turnDeadlineMs: ports.turnDeadlineMs })
    },

    /** Pauses workers, or resumes them. Idempotent. */
    async pause(paused: boolean): Promise<void> {
      await everyShard(shards, (shard) => adminStore.pause(shard, paused))
    },

    /** The number of paused shards. */
    async pausedShards(): Promise<number> {
      const paused = await everyShard(shards, (shard) => adminStore.isPaused(shard))
      return paused.filter(Boolean).length
    },

    /** The number of queued turns that a claim could not read. */
    async brokenTurns(): Promise<number> {
      const broken = await everyShard(shards, (shard) => adminStore.brokenTurns(shard))
      return broken.reduce((sum, count) => sum + count, 0)
    },

    redriveMany: (request: RedriveRequest): Promise<Redriving> => redriveMany(request, ports),
  }
}
