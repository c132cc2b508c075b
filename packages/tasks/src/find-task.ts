import {
  isUlid,
  LonghaulError,
  parseResponseId,
  type TaskSketch,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'

/**
 * The task of this workspace, and of this agent where one is named, that an id or one of its response ids names.
 * Rejects with not_found.
 */
export async function findTask(
  id: string,
  owner: { workspace: string; agentId?: string; store: TaskStore },
): Promise<TaskView> {
  const response = parseResponseId(id)
  const taskId = response?.taskId ?? id
  const view = isUlid(taskId) ? await owner.store.view(taskId) : undefined
  const { workspace, agentId = view?.agentId } = owner
  if (view === undefined || view.workspace !== workspace || view.agentId !== agentId) {
    throw unknownTask(id)
  }
  if (response !== undefined && !hasResponse(view, response.turn)) throw unknownTask(id)
  return view
}

/** Whether a turn of a task has a response that anybody can see. */
export function hasResponse({ turn: latest, hidden = [] }: TaskSketch, turn: number): boolean {
  return turn >= 1 && turn <= latest && !hidden.includes(turn)
}

export function unknownTask(id: string): LonghaulError {
  return new LonghaulError('not_found', `Task ${id} not found`)
}
