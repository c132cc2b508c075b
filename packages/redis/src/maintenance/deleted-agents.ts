import type { Maintenance } from '@longhaul/core'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { markAgentDeletedScript } from '../lua/admin/mark-agent-deleted.ts'
import { runScript } from '../lua/run-script.ts'
import type { MaintenanceContext } from './maintenance-context.ts'

type Verbs = Pick<
  Maintenance,
  'agentDeleted' | 'deletedAgents' | 'tasksOfAgent' | 'taskOfAgentDone' | 'agentDone'
>

/** Deleted agents, whose tasks are cancelled or deleted one by one. */
export function deletedAgentVerbs({ redis, clockTime, time }: MaintenanceContext): Verbs {
  return {
    async agentDeleted(shard, { agentId, tasks }) {
      const values = { clockTime: clockTime(), agentId, tasks }
      await runScript(redis, markAgentDeletedScript.call(shardKeys(shard), values))
    },

    async deletedAgents(shard) {
      const { deletedAgents, agentsToPurge } = shardKeys(shard)
      const [purged, cancelled] = await guarded(() =>
        Promise.all([
          redis.zrange(agentsToPurge, '0', '-1'),
          redis.zrange(deletedAgents, '0', '-1'),
        ]),
      )
      return [
        ...purged.map((agentId) => ({ agentId, tasks: 'delete' as const })),
        ...cancelled.map((agentId) => ({ agentId, tasks: 'cancel' as const })),
      ]
    },

    async tasksOfAgent(shard, agentId, limit) {
      const key = shardKeys(shard).byAgent(agentId)
      return await guarded(() => redis.zrange(key, '0', `${limit - 1}`))
    },

    async taskOfAgentDone(shard, agentId, taskId) {
      await guarded(() => redis.zrem(shardKeys(shard).byAgent(agentId), taskId))
    },

    async agentDone(shard, agentId, deletedForMs) {
      const before = (await time()) - deletedForMs
      const { deletedAgents, agentsToPurge } = shardKeys(shard)
      for (const set of [deletedAgents, agentsToPurge]) {
        const at = await guarded(() => redis.zscore(set, agentId))
        if (at !== null && Number(at) <= before) await guarded(() => redis.zrem(set, agentId))
      }
    },
  }
}
