import {
  type Cursor,
  hasEnded,
  parseResponseId,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'
import { hasResponse, unknownTask } from '../find/find-task.ts'
import { visibleFrom } from '../find/hidden-turns.ts'

type ExpectedStep = { id: string; after: number | undefined; follow: boolean }

/**
 * The cursor at which a watch begins: after the number that was seen last; else with the turn of the response that `id`
 * names; else with the latest turn. Undefined where nothing comes after the number, unless later turns are followed.
 */
export async function startCursor(
  view: TaskView,
  { id, after, follow, store }: ExpectedStep & { store: TaskStore },
): Promise<(Cursor & { turn: number }) | undefined> {
  const { taskId, started, status } = view
  if (after === undefined) {
    const turn = parseResponseId(id)?.turn ?? view.turn
    if (!follow && !hasResponse(view, turn)) throw unknownTask(id)
    if (turn === view.turn) return { ...cursorAt(started), turn }
    const named = (await store.turns(taskId)).find((each) => each.turn === turn)
    if (named === undefined) throw unknownTask(id)
    return { ...cursorAt(named), turn }
  }
  const [found, turns] = await Promise.all([store.cursorAfter(taskId, after), store.turns(taskId)])
  if (found === undefined) throw unknownTask(id)
  // The last fact of a turn is its end.
  const { length } = found
  const fact = visibleFrom(found.fact, { turns, hidden: view.hidden ?? [], length })
  const isOver = !follow && hasEnded(status) && fact === length
  if (isOver) return undefined
  const { turn, pos } = turns.findLast((each) => each.fact <= fact) ?? { turn: 1, pos: 1 }
  return { pos: fact === found.fact ? after : pos - 1, fact, turn }
}

export function cursorAt({ pos, fact }: Cursor): Cursor {
  return { pos: pos - 1, fact }
}
