import { type ReviewPorts, type TaskReview, waitingCalls } from './review.ts'

/** How many tasks are looked for at once. */
const batch = 10

/** Where a review stands in the list: in its task, by the `pos` of its request. */
export type ReviewPlace = { taskId: string; pos: number }

/**
 * The calls of a workspace that wait for somebody, those of the newest task first and of a task in their
 * order. A task that has none any more is left out of the search from then on.
 */
export async function listReviews(
  workspace: string,
  { limit, after }: { limit: number; after: ReviewPlace | undefined },
  { store, reviews }: Pick<ReviewPorts, 'store' | 'reviews'>,
): Promise<{ items: TaskReview[]; more: boolean }> {
  const items: TaskReview[] = []
  if (after !== undefined) {
    const rest = await reviewsOf(after.taskId)
    items.push(...rest.filter(({ requested }) => requested.pos > after.pos))
  }
  let below = after?.taskId
  while (items.length <= limit) {
    const ids = await reviews.tasks(workspace, { below, limit: batch })
    // One after the other: each log is read whole.
    for (const id of ids) items.push(...(await reviewsOf(id)))
    below = ids.at(-1)
    if (ids.length < batch) break
  }
  return { items: items.slice(0, limit), more: items.length > limit }

  async function reviewsOf(taskId: string): Promise<TaskReview[]> {
    const view = await store.view(taskId)
    const mine = view?.workspace === workspace ? view : undefined
    const facts = mine === undefined ? [] : await store.told(taskId)
    const waiting = mine === undefined ? [] : waitingCalls(mine, facts)
    if (waiting.length === 0) await reviews.drop(workspace, taskId, facts.length)
    return waiting
  }
}
