import type { Fact, TaskStore, TurnRef } from '@longhaul/core'
import { createWakeSignal } from './wake-signal.ts'
import { unknownTask } from '../find/find-task.ts'
import { readOrRetry } from './retry-while-unavailable.ts'
import { beforeNext } from '../find/turn-facts.ts'

/**
 * The facts of an accepted turn, from its first `fact` on. While the store is unavailable the read is repeated, since a
 * caller that received an error would submit the turn a second time. Rejects with not_found when the turn was deleted.
 * Undefined when the signal was aborted before the store was available again.
 */
export async function waitForFacts(
  { taskId, turn, fact }: TurnRef & { fact: number },
  { store, signal }: { store: TaskStore; signal: AbortSignal },
): Promise<Fact[] | undefined> {
  const wakeUps = createWakeSignal(signal)
  try {
    do {
      const found = await readOrRetry(wakeUps, async () =>
        beforeNext(await store.readableFacts(taskId, fact), turn),
      )
      if (found?.value.length === 0) throw unknownTask(taskId)
      if (found !== undefined) return found.value
    } while (await wakeUps.woken())
    return undefined
  } finally {
    wakeUps.stop()
  }
}
