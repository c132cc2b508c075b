import {
  type EntryPage,
  type EntryPlace,
  type EntryQuery,
  limits,
  type TurnRef,
  type Walked,
  type WalkPlace,
} from '@longhaul/core'
import { orRepeat } from '../lib/when-unavailable.ts'
import { everyShard } from './every-shard.ts'
import { overview } from './overview.ts'
import type { OperatorPorts } from './ports.ts'
import { redrive } from './redrive.ts'
import { redriveMany, type RedriveRequest, type Redriving } from './redrive-many.ts'

export type Operator = ReturnType<typeof createOperator>

/** The verbs of the operator, across workspaces. */
export function createOperator(ports: OperatorPorts) {
  const { operations, shards } = ports
  return {
    overview: () => overview(ports),

    list: (wanted: {
      query: EntryQuery
      limit?: number | undefined
      after?: EntryPlace
    }): Promise<EntryPage> => {
      const { query, limit = limits.listPage, after } = wanted
      return operations.list(query, { limit, after })
    },

    /** Redrives a failed turn; the new turn. */
    redrive: (id: string): Promise<TurnRef> =>
      orRepeat('Ask again: it goes on once.', () => redrive(id, ports)),

    /** Checks one part of all entries for inconsistencies, and repairs them with `mend`. */
    examine: (
      from: WalkPlace | undefined,
      options: { mend: boolean; limit?: number | undefined },
    ): Promise<Walked> => {
      const { mend, limit = limits.walk.default } = options
      return operations.walk(from, { mend, limit, turnDeadlineMs: ports.turnDeadlineMs })
    },

    /** Pauses workers, or resumes them. Idempotent. */
    async pause(paused: boolean): Promise<void> {
      await everyShard(shards, (shard) => operations.pause(shard, paused))
    },

    /** How many shards are paused. */
    async pausedShards(): Promise<number> {
      const paused = await everyShard(shards, (shard) => operations.isPaused(shard))
      return paused.filter(Boolean).length
    },

    redriveMany: (request: RedriveRequest): Promise<Redriving> => redriveMany(request, ports),
  }
}
