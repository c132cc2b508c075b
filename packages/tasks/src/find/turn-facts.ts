import type { Fact, TaskStore, TaskView } from '@longhaul/core'

/** All facts of one turn, whole. */
export async function turnFacts(
  { taskId, turn: latest, started }: Pick<TaskView, 'taskId' | 'turn' | 'started'>,
  turn: number,
  store: TaskStore,
): Promise<Fact[]> {
  if (turn === latest) return beforeNext(await store.readableFacts(taskId, started.fact), turn)
  const turns = await store.turns(taskId)
  const begin = turns.find((each) => each.turn === turn)
  if (begin === undefined) return []
  const next = turns.find((each) => each.turn === turn + 1)
  return await store.readableFacts(taskId, begin.fact, next === undefined ? -1 : next.fact - 1)
}

/** The facts of a turn, without those of a turn that has begun since. */
export function beforeNext(facts: Fact[], turn: number): Fact[] {
  const next = facts.findIndex((fact) => fact.type === 'turn.started' && fact.turn > turn)
  return next === -1 ? facts : facts.slice(0, next)
}
