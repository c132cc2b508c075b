import {
  isUlid,
  LonghaulError,
  parseResponseId,
  type TaskSketch,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'

/** Names a task or one of its responses; without `agent`, the task may belong to any agent. */
export type TaskName = { workspace: string; agent?: string; id: string }

export type FindPorts = {
  store: TaskStore
  agents: {
    /** The id of an agent that exists, by its key or id. */
    identify(workspace: string, ref: string): Promise<string | undefined>
    /** The same, maybe as it was a moment ago. */
    identifyRecent(workspace: string, ref: string): Promise<string | undefined>
    wasDeleted(workspace: string, id: string): Promise<boolean>
  }
}

/**
 * Finds a task by its id, or by the id of one of its responses. A task outlives its agent: once the agent is deleted,
 * the task is found under any agent key. Rejects with not_found.
 */
export async function findTask(
  { workspace, agent, id }: TaskName,
  { store, agents }: FindPorts,
): Promise<TaskView> {
  const view = await taskNamed(id, { workspace, store })
  if (agent === undefined) {
    if (view !== undefined) return view
    throw unknownTask(id)
  }
  // By the id of the agent, or as a task that a model answered without an agent.
  if (view?.agentId === agent) return view
  // Most callers name the agent of the task, as before.
  if (view !== undefined && view.agentId === (await agents.identifyRecent(workspace, agent)))
    return view
  const named = await agents.identify(workspace, agent)
  if (view !== undefined) {
    if (view.agentId === named || (await agents.wasDeleted(workspace, view.agentId))) return view
  }
  throw named === undefined ? unknownAgent(agent) : unknownTask(id)
}

/** Finds a task whose latest turn is visible: its response is not deleted. Rejects with not_found. */
export async function findVisibleTask(name: TaskName, ports: FindPorts): Promise<TaskView> {
  const view = await findTask(name, ports)
  if (!hasResponse(view, view.turn)) throw unknownTask(name.id)
  return view
}

/** Finds a task of this workspace by its id or by a response id; undefined when there is none. */
export async function taskNamed(
  id: string,
  owner: { workspace: string; store: TaskStore },
): Promise<TaskView | undefined> {
  const response = parseResponseId(id)
  const taskId = response?.taskId ?? id
  const view = isUlid(taskId) ? await owner.store.view(taskId) : undefined
  if (view?.workspace !== owner.workspace) return undefined
  if (response !== undefined && !hasResponse(view, response.turn)) return undefined
  return view
}

/** Whether a turn of a task has a response that callers can see. */
export function hasResponse(
  { turn: latest, hidden: softDeleted = [] }: TaskSketch,
  turn: number,
): boolean {
  return turn >= 1 && turn <= latest && !softDeleted.includes(turn)
}

export function unknownTask(id: string): LonghaulError {
  return new LonghaulError('not_found', `Task ${id} not found`)
}

export function unknownAgent(ref: string): LonghaulError {
  return new LonghaulError('not_found', `Agent ${ref} not found`)
}
