import { type Admit, limits, type Reviews, type TaskStore } from '@longhaul/core'
import { type TaskReview, waitingCalls } from './review-call.ts'

/** How many tasks one search returns. */
const batch = 10

/** The position of a review in the list: its task, and the `pos` of its request. */
export type ReviewCursor = { taskId: string; pos: number }

/**
 * The calls of a workspace that wait for a review: the newest task first, and the calls of a task in their order.
 * `admit` is called before each log is read, and may throw. A large page ends early. A task without waiting calls is
 * removed from the index.
 */
export async function listReviews(
  workspace: string,
  { limit, after }: { limit: number; after: ReviewCursor | undefined },
  {
    store,
    reviews,
    admit,
  }: {
    store: Pick<TaskStore, 'view' | 'readableFacts'>
    reviews: Pick<Reviews, 'tasks' | 'drop'>
    admit: Admit
  },
): Promise<{ items: TaskReview[]; more: boolean }> {
  const items: TaskReview[] = []
  let size = 0
  const isFull = () => items.length > limit || size >= limits.listBytes
  function add(more: TaskReview[]): void {
    for (const item of more) {
      if (isFull()) return
      items.push(item)
      size += JSON.stringify(item).length
    }
  }
  if (after !== undefined) {
    const rest = await reviewsOf(after.taskId)
    add(rest.filter(({ requested }) => requested.pos > after.pos))
  }
  let below = after?.taskId
  while (!isFull()) {
    const ids = await reviews.tasks(workspace, { below, limit: batch })
    // One after the other, since each log is read whole.
    for (const id of ids) if (!isFull()) add(await reviewsOf(id))
    below = ids.at(-1)
    if (ids.length < batch) break
  }
  return { items: items.slice(0, limit), more: isFull() }

  async function reviewsOf(taskId: string): Promise<TaskReview[]> {
    const view = await store.view(taskId)
    const task = view?.workspace === workspace ? view : undefined
    if (task !== undefined) admit(task.bytes)
    const facts = task === undefined ? [] : await store.readableFacts(taskId)
    const waiting = task === undefined ? [] : waitingCalls(task, facts)
    if (waiting.length === 0) await reviews.drop(workspace, taskId, facts.length)
    return waiting
  }
}
