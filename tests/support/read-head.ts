import { taskKeys } from '@longhaul/redis'
import { openRedis } from '@longhaul/testbed'

/** Reads fields of the head of a task, or null for each that is absent. */
export async function readHead(
  redisUrl: string,
  taskId: string,
  fields: string[],
): Promise<(string | null)[]> {
  const redis = openRedis(redisUrl)
  try {
    return await redis.hmget(taskKeys(taskId).head, ...fields)
  } finally {
    redis.disconnect()
  }
}
