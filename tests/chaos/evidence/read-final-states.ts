import { createTaskStore } from '@longhaul/redis'
import type { FinalRead, SeenFact } from './evidence.ts'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { usualAgent } from '../cluster/create-agents.ts'
import { keyOf, type WorkspaceName } from '../tasks/workspaces.ts'

type Task = {
  taskId: string | undefined
  agent?: string | undefined
  workspace?: WorkspaceName | undefined
}

/** Reads each task's final state from the API and its log; undefined for a task without a known id. */
export async function readFinalStates(
  tasks: Task[],
  { url, cluster }: { url: string; cluster: Pick<ChaosCluster, 'redis'> },
): Promise<(FinalRead | undefined)[]> {
  const redis = cluster.redis.connect('work')
  const store = createTaskStore(redis)

  async function read(taskId: string, { agent = usualAgent, workspace }: Task): Promise<FinalRead> {
    const path = `/v2/agents/${agent}/responses/${taskId}?include=messages`
    const headers = {
      authorization: `Bearer ${keyOf(workspace === undefined ? {} : { workspace })}`,
    }
    const response = await fetch(url + path, { headers })
    const body = JSON.parse(await response.text(), shortened) as Record<string, unknown>
    return { status: response.status, body, facts: (await store.facts(taskId)).map(seen) }
  }

  try {
    const finals: (FinalRead | undefined)[] = []
    for (const task of tasks) {
      finals.push(task.taskId === undefined ? undefined : await read(task.taskId, task))
    }
    return finals
  } finally {
    redis.disconnect()
  }
}

/** Keeps the compared part of a text: all texts together would need too much memory. */
const compared = 10_000

function shortened(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, compared) : value
}

/** Keeps the checked fields of a fact: whole facts would need too much memory. */
function seen(fact: SeenFact): SeenFact {
  const { type, pos, at, turn, step, callId, epoch, parts } = fact
  return JSON.parse(JSON.stringify({ type, pos, at, turn, step, callId, epoch, parts })) as SeenFact
}
