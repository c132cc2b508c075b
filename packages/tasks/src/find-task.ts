import {
  isUlid,
  LonghaulError,
  parseResponseId,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'

/** The task of this workspace and agent that an id, or one of its response ids, names. Rejects with not_found. */
export async function findTask(
  id: string,
  owner: { workspace: string; agentId: string; store: TaskStore },
): Promise<TaskView> {
  const response = parseResponseId(id)
  const taskId = response?.taskId ?? id
  const view = isUlid(taskId) ? await owner.store.view(taskId) : undefined
  if (view === undefined || view.workspace !== owner.workspace || view.agentId !== owner.agentId) {
    throw unknownTask(id)
  }
  if (response !== undefined && !(response.turn >= 1 && response.turn <= view.turn)) {
    throw unknownTask(id)
  }
  return view
}

export function unknownTask(id: string): LonghaulError {
  return new LonghaulError('not_found', `Task ${id} not found`)
}
