import type { DeletedAgent } from '@longhaul/core'
import { type EndPorts, endTasksOfAgent } from './end-tasks-of-agent.ts'

/** Ends the tasks and the schedules of an agent that is being deleted. */
export type TasksOfDeletedAgent = {
  /** Marks the agent in every shard: from now on, and for a while, its tasks are ended. */
  mark(agent: DeletedAgent): Promise<void>
  /** Ends the first tasks of every shard; reconcilers end the others. */
  begin(agent: DeletedAgent): Promise<void>
}

export function createDeletedAgentCleanup(
  ports: EndPorts & { shards: number },
): TasksOfDeletedAgent {
  const { maintenanceStore } = ports
  const shards = Array.from({ length: ports.shards }, (_, shard) => shard)
  return {
    async mark(agent) {
      for (const shard of shards) await maintenanceStore.agentDeleted(shard, agent)
    },
    async begin(agent) {
      for (const shard of shards) await endTasksOfAgent(agent, { ...ports, shard })
    },
  }
}
