import { connect, createTaskStore } from '@longhaul/redis'
import { testKey } from '@longhaul/testing/servers'
import type { ClientEvidence, FinalRead } from './evidence.ts'

/** What the API and the log say of each task in the end; undefined for one that nobody knows the id of. */
export async function readFinals(
  clients: ClientEvidence[],
  { url, redisUrl }: { url: string; redisUrl: string },
): Promise<(FinalRead | undefined)[]> {
  const redis = connect(redisUrl, { role: 'work', onError: () => {} })
  const store = createTaskStore(redis)
  try {
    const finals: (FinalRead | undefined)[] = []
    for (const { ids } of clients) {
      const taskId = ids[0]?.taskId
      if (taskId === undefined) {
        finals.push(undefined)
      } else {
        const path = `/v2/agents/chaos/responses/${taskId}?include=messages`
        const headers = { authorization: `Bearer ${testKey}` }
        const response = await fetch(url + path, { headers })
        const body = (await response.json()) as Record<string, unknown>
        finals.push({ status: response.status, body, facts: await store.facts(taskId) })
      }
    }
    return finals
  } finally {
    redis.disconnect()
  }
}
