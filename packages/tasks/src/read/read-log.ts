import { type Fact, hasEnded, type TaskStore, type TaskView, type Wake } from '@longhaul/core'
import { createWakeSignal } from '../watch/wake-signal.ts'
import { unknownTask } from '../find/find-task.ts'
import { visibleFrom, withoutSoftDeleted } from '../find/hidden-turns.ts'
import { readOrRetry } from '../watch/retry-while-unavailable.ts'

/**
 * Facts of a task in order. The first one has the index `number` in the log, from 0, and belongs to the turn `turn`.
 */
export type LogPage = { taskId: string; number: number; turn: number; facts: Fact[]; more: boolean }

type ExpectedStep = {
  /** Facts with a larger `pos`. */
  after: number
  limit: number
  /** How long to wait for a fact when there is none and a turn runs, milliseconds. */
  waitMs: number
  signal: AbortSignal
}

/**
 * A page of a task's log, with whole facts, without the turns of deleted responses. A page of large facts has fewer
 * facts than requested. Rejects with not_found.
 */
export async function readLog(
  { taskId, status, hidden: softDeleted = [] }: TaskView,
  { after, limit, waitMs, signal, store, wake }: ExpectedStep & { store: TaskStore; wake: Wake },
): Promise<LogPage> {
  const cursorOf = async (pos: number) => {
    const found = await store.cursorAfter(taskId, pos)
    if (found === undefined) throw unknownTask(taskId)
    if (softDeleted.length === 0) return found
    const { fact, length } = found
    return {
      fact: visibleFrom(fact, { turns: await store.turns(taskId), hidden: softDeleted, length }),
      length,
    }
  }
  let { fact: number, length } = await cursorOf(after)
  if (number === length && waitMs > 0 && !hasEnded(status)) {
    await waitForFact()
    ;({ fact: number, length } = await cursorOf(after))
  }
  const [turns, found] = await Promise.all([
    store.turns(taskId),
    store.read(taskId, { fact: number, pos: noDeltas }),
  ])
  if (found === undefined) throw unknownTask(taskId)
  const turn = turns.findLast(({ fact }) => fact <= number)?.turn ?? 1
  const read = found.entries.filter((entry) => entry.type !== 'delta').slice(0, limit)
  // The facts of a page have no gap: the page ends where a deleted response begins.
  const visible = withoutSoftDeleted(read, found.hidden, turn)
  const gap = visible.findIndex((fact, at) => fact !== read[at])
  const facts = gap === -1 ? visible : visible.slice(0, gap)
  const next = visibleFrom(number + facts.length, { turns, hidden: softDeleted, length })
  return { taskId, number, turn, facts, more: next < length }

  async function waitForFact(): Promise<void> {
    const wakeUps = createWakeSignal(signal, waitMs)
    const unwatch = wake.watch(taskId, (kind) => {
      if (kind !== 'delta') wakeUps.wake()
    })
    try {
      do {
        const seen = await readOrRetry(wakeUps, () => cursorOf(after))
        if (seen !== undefined && seen.value.fact < seen.value.length) return
      } while (await wakeUps.woken())
    } finally {
      unwatch()
      wakeUps.stop()
    }
  }
}

/** No delta has a number above this one. */
const noDeltas = Number.MAX_SAFE_INTEGER
