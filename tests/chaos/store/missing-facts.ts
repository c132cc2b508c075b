import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { checkReceived } from '../evidence/lost-facts.ts'
import { readTasks, type StoredTask } from './read-tasks.ts'

/** Finds facts that a replica had received before it took over, and that no primary has now. */
export async function findMissingFacts({
  redis,
  failovers,
}: Pick<ChaosCluster, 'redis' | 'failovers'>): Promise<string[]> {
  if (failovers.length === 0) return []
  const finals = new Map<string, StoredTask>()
  for (const primary of await redis.primaries()) {
    for (const [taskId, task] of await readTasks(primary.redis)) finals.set(taskId, task)
  }
  return checkReceived(failovers, finals)
}
