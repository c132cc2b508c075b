import type { Fact, TaskStore } from '@longhaul/core'
import { createWakeSignal } from './wake-signal.ts'
import { unknownTask } from '../read/find-task.ts'
import { readOrRetry } from './retry-while-unavailable.ts'
import { beforeNext } from '../read/turn-facts.ts'
import type { AcceptedTurn } from '../submit/turn-request.ts'

/**
 * What an accepted turn has recorded. While the store is away it is asked again: whoever heard of an error would
 * submit the turn a second time. Rejects with not_found when it was deleted. Undefined when the signal was
 * aborted before the store came back.
 */
export async function recordedBy(
  { taskId, turn, fact }: AcceptedTurn,
  { store, signal }: { store: TaskStore; signal: AbortSignal },
): Promise<Fact[] | undefined> {
  const wakeUps = createWakeSignal(signal)
  try {
    do {
      const found = await readOrRetry(wakeUps, async () =>
        beforeNext(await store.told(taskId, fact), turn),
      )
      if (found?.value.length === 0) throw unknownTask(taskId)
      if (found !== undefined) return found.value
    } while (await wakeUps.woken())
    return undefined
  } finally {
    wakeUps.stop()
  }
}
