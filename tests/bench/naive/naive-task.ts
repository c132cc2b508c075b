/** The key of a task's state. */
export function naiveTask(id: string): string {
  return `naive:${id}`
}

export type NaiveState = { status: string; agent: string; created: string; input: string }

/** The payload of a job. */
export type NaiveJob = { id: string; text: string }
