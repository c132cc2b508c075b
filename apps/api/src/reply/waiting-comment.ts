import type { Deps } from '../deps.ts'
import type { IdleComment } from './event-stream.ts'

/**
 * The comment of a stream while its turn waits, such as `waiting for workspace_running, 17 ahead`. Without it, callers
 * of a turn that waits for long would submit it a second time.
 */
export function waitingCommentOf(
  turn: { taskId: string; turn?: number },
  { tasks }: Pick<Deps, 'tasks'>,
): IdleComment {
  return async () => {
    const waiting = await tasks.waiting(turn)
    if (waiting === undefined) return undefined
    const { for: kind, ahead } = waiting
    return `waiting for ${kind}${ahead === undefined ? '' : `, ${ahead} ahead`}`
  }
}
