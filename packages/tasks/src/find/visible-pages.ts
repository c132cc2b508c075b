import type { Fact, TaskStore } from '@longhaul/core'
import { unknownTask } from './find-task.ts'
import { turnAt, withoutSoftDeleted } from './hidden-turns.ts'

/**
 * The facts of a task in pages, so that a long log is never in memory as a whole. The turns of deleted responses are left
 * out. Rejects with not_found.
 */
export async function* visiblePages(
  taskId: string,
  store: Pick<TaskStore, 'read'>,
): AsyncGenerator<Fact[], void, undefined> {
  let turn = 1
  let number = 0
  for (;;) {
    const page = await store.read(taskId, { fact: number, pos: noDeltas })
    if (page === undefined) throw unknownTask(taskId)
    const read = page.entries.filter((entry) => entry.type !== 'delta')
    const last = read.at(-1)
    if (last === undefined) return
    yield withoutSoftDeleted(read, page.hidden, turn)
    turn = read.reduce((current, fact) => turnAt(fact, current), turn)
    number += read.length
    if (last.pos >= page.pos) return
  }
}

/** No delta has a number above this one. */
const noDeltas = Number.MAX_SAFE_INTEGER
