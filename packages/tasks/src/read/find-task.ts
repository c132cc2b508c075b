import {
  isUlid,
  LonghaulError,
  parseResponseId,
  type TaskSketch,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'

/** The task of this workspace that its id names, or one of its response ids; undefined when there is none. */
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

/** Whether a turn of a task has a response that anybody can see. */
export function hasResponse({ turn: latest, hidden = [] }: TaskSketch, turn: number): boolean {
  return turn >= 1 && turn <= latest && !hidden.includes(turn)
}

export function unknownTask(id: string): LonghaulError {
  return new LonghaulError('not_found', `Task ${id} not found`)
}
