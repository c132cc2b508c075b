import type { Request } from '../request/create-request.ts'
import type { CallOptions } from '../request/request-options.ts'

/** A task by its id. With the key of its agent, the client need not ask for it. */
export type TaskRef = string | { id: string; agent: string | undefined }

type TaskPath = { agent_key: string; task_id: string }

const mostKept = 1_000

/** Finds the agent of a task, which the paths of the task contain. It never changes, so it is asked for once. */
export function agentKeys(
  request: Request,
): (ref: TaskRef, call: CallOptions) => Promise<TaskPath> {
  const known = new Map<string, string>()
  return async (ref, { signal, headers }) => {
    const { id, agent } = typeof ref === 'string' ? { id: ref, agent: undefined } : ref
    const key = agent ?? known.get(id)
    if (key !== undefined) return { agent_key: key, task_id: id }
    const call = { ...(headers && { headers }), signal }
    const task = await request('get', '/v2/responses/{task_id}', { ...call, path: { task_id: id } })
    const found = task.agent_key ?? '-'
    for (const oldest of known.keys()) if (known.size >= mostKept) known.delete(oldest)
    known.set(id, found)
    return { agent_key: found, task_id: id }
  }
}
