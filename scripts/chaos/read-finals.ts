import { connect, createTaskStore } from '@longhaul/redis'
import { testKey } from '@longhaul/testing/servers'
import type { FinalRead, SeenFact } from './evidence.ts'

/** What the API and the log say of each task in the end; undefined for one that nobody knows the id of. */
export async function readFinals(
  taskIds: (string | undefined)[],
  { url, redisUrl }: { url: string; redisUrl: string },
): Promise<(FinalRead | undefined)[]> {
  const redis = connect(redisUrl, { role: 'work', onError: () => {} })
  const store = createTaskStore(redis)

  async function read(taskId: string): Promise<FinalRead> {
    const path = `/v2/agents/chaos/responses/${taskId}?include=messages`
    const headers = { authorization: `Bearer ${testKey}` }
    const response = await fetch(url + path, { headers })
    const body = (await response.json()) as Record<string, unknown>
    return { status: response.status, body, facts: (await store.facts(taskId)).map(seen) }
  }

  try {
    const finals: (FinalRead | undefined)[] = []
    for (const taskId of taskIds) {
      finals.push(taskId === undefined ? undefined : await read(taskId))
    }
    return finals
  } finally {
    redis.disconnect()
  }
}

/** What is looked at of a fact; all of it would be a lot. */
function seen(fact: SeenFact): SeenFact {
  const { type, pos, turn, step, callId, epoch, parts } = fact
  return JSON.parse(JSON.stringify({ type, pos, turn, step, callId, epoch, parts })) as SeenFact
}
